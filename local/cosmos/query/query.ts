import type { Container } from '../containers/container.ts'
import { keyText, type PartitionScope, partitionScope } from '../containers/partition-key.ts'
import { badRequest } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import { checkRange } from '../items/change-feed.ts'
import { queryCharge } from '../ru.ts'
import type { Store } from '../store.ts'
import { readPage } from './query-page.ts'
import { needsMerge, queryPlan } from './query-plan.ts'
import { type QuerySpec, querySpec } from './query-spec.ts'
import type { Query } from './sql/ast.ts'
import { compileQuery } from './sql/compile-query.ts'
import { narrowing } from './sql/narrow.ts'
import { checkOrder } from './sql/order-rule.ts'
import { parseQuery } from './sql/parse-query.ts'

const READ_FEED: QuerySpec = { query: 'SELECT * FROM c', parameters: new Map() }

/** A page of a query's rows. A query with a partition key sees the documents of this key alone. */
export async function queryItems(call: Call, store: Store, container: Container): Promise<Reply> {
  return answer(call, store, container, querySpec(jsonBody(call)))
}

/** GET of a container's items: all of them, page by page. */
export async function readFeed(call: Call, store: Store, container: Container): Promise<Reply> {
  return answer(call, store, container, READ_FEED)
}

async function answer(call: Call, store: Store, container: Container, spec: QuerySpec): Promise<Reply> {
  await store.commits.settled()
  const query = parseQuery(spec.query)
  const compiled = compileQuery(query, spec.parameters)
  const narrowed = narrowing(query, spec.parameters, container.paths)
  const header = call.header('x-ms-documentdb-partitionkey')
  const scope = header === undefined ? keyScope(narrowed.key) : partitionScope(header, container.paths)
  checkRange(call)
  if (spec !== READ_FEED) {
    if (header === undefined) checkCrossPartition(call, query, scope)
    checkScan(call, container, query, narrowed.ids)
  }
  checkOrder(query, container.policy)
  const page = readPage(call, container, compiled, { scope, ids: narrowed.ids })
  const usesIndex = query.where !== undefined || !compiled.streaming
  const headers: Record<string, string | number> = { 'x-ms-item-count': page.rows.length }
  if (page.continuation !== undefined) headers['x-ms-continuation'] = page.continuation
  return {
    status: 200,
    charge: queryCharge({ usesIndex, loadedBytes: page.loadedBytes, rows: page.rows.length }),
    body: `{"_rid":"${container.rid}","Documents":[${page.rows.join()}],"_count":${page.rows.length}}`,
    headers,
    container,
  }
}

function keyScope(key: ReturnType<typeof narrowing>['key']): PartitionScope | undefined {
  return key && { type: 'key', key: keyText(key) }
}

function checkCrossPartition(call: Call, query: Query, scope: PartitionScope | undefined): void {
  if (scope !== undefined) return
  if (call.header('x-ms-documentdb-query-enablecrosspartition')?.toLowerCase() !== 'true') {
    throw badRequest(
      'Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, ' +
        'specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.',
    )
  }
  // A client that merges asks each range by its id; one that does not know yet gets the plan along with the refusal.
  if (call.header('x-ms-documentdb-partitionkeyrangeid') !== undefined || !needsMerge(query)) return
  const refusal = badRequest('The provided cross partition query can not be directly served by the gateway.', 1004)
  refusal.additionalErrorInfo = JSON.stringify(queryPlan(query))
  throw refusal
}

// Without an index only an id leads to a document; everything else reads them all, which the caller has to allow.
function checkScan(call: Call, container: Container, query: Query, ids: string[] | undefined): void {
  if (container.policy.mode !== 'none' || (ids && query.orderBy.length === 0)) return
  if (call.header('x-ms-documentdb-query-enable-scan')?.toLowerCase() === 'true') return
  throw badRequest(
    "An invalid query has been specified with filters against path(s) that are not indexed: the container's indexing " +
      'mode is none. Consider adding allow scan header in the request.',
  )
}
