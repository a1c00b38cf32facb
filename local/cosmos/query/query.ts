import type { Container } from '../containers/container.ts'
import { keyText } from '../containers/partition-key.ts'
import { badRequest } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import type { ItemRow } from '../items/item-table.ts'
import { isExpired } from '../items/ttl.ts'
import { pageRows } from '../page-rows.ts'
import { isWithin, type ReadScope, readScope } from '../partitions/read-scope.ts'
import { checkSession } from '../partitions/session.ts'
import { queryCharge } from '../ru.ts'
import { nowSeconds, type Store } from '../store.ts'
import { cursorToken, readCursor, START } from './cursor.ts'
import { gatewayScope } from './gateway.ts'
import { readPage } from './query-page.ts'
import { checkPlainAggregates, needsMerge, queryPlan } from './query-plan.ts'
import { type QuerySpec, querySpec } from './query-spec.ts'
import type { Query } from './sql/ast.ts'
import { type CompiledQuery, compileQuery } from './sql/compile-query.ts'
import { type Narrowing, narrowing } from './sql/narrow.ts'
import { checkOrder } from './sql/order-rule.ts'
import { parseQuery } from './sql/parse-query.ts'

const READ_FEED: QuerySpec = { query: 'SELECT * FROM c', parameters: new Map() }

const NOTHING: ItemRow = { rid: 0, pk: '', id: '', body: 'null', etag: '', lsn: 0, ts: 0, ttl: null }

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
  const addressed = readScope(call, container)
  if (spec !== READ_FEED) {
    if (!addressed && !narrowed.single) checkCrossPartition(call, query, spec, container)
    checkScan(call, container, query, narrowed.ids)
  }
  checkOrder(query, container.policy)
  const { scope, token, continued } = addressed
    ? { scope: addressed, token: call.header('x-ms-continuation'), continued: (inner?: string) => inner }
    : gatewayScope(call.header('x-ms-continuation'), container, narrowed)
  checkSession(call, scope.partition)
  const page = readPage({
    compiled,
    cursor: token === undefined || token === '' ? START : readCursor(token, container, scope.partition),
    most: pageRows(call),
    items: fromRid => itemsOf({ container, scope, narrowed, compiled }, fromRid),
  })
  const next = continued(page.next && cursorToken(page.next, container, scope.partition))
  const usesIndex = query.where !== undefined || compiled.shape !== 'stream'
  const headers: Record<string, string | number> = { 'x-ms-item-count': page.rows.length }
  if (next !== undefined) headers['x-ms-continuation'] = next
  return {
    status: 200,
    charge: queryCharge({ usesIndex, loadedBytes: page.loadedBytes, rows: page.rows.length }),
    body: `{"_rid":"${container.rid}","Documents":[${page.rows.join()}],"_count":${page.rows.length}}`,
    headers,
    container,
    partition: scope.partition,
  }
}

interface Read {
  container: Container
  scope: ReadScope
  narrowed: Narrowing
  compiled: CompiledQuery
}

// A query without FROM has one row, whatever partition is asked first.
function* itemsOf({ container, scope, narrowed, compiled }: Read, fromRid: number): Generator<ItemRow> {
  if (!compiled.readsItems) {
    if (scope.keys || scope.partition.index === 0) yield NOTHING
    return
  }
  const [key] = narrowed.keys ?? []
  const keys = scope.keys ?? (narrowed.single && key ? { type: 'key' as const, key: keyText(key) } : undefined)
  const filter = { partition: scope.partition, scope: keys, ids: narrowed.ids, since: narrowed.since }
  const now = nowSeconds()
  for (const item of container.items.scan(filter, fromRid)) {
    if (!isExpired(item, container.defaultTtl, now) && isWithin(scope.epk, item, container)) yield item
  }
}

function checkCrossPartition(call: Call, query: Query, spec: QuerySpec, container: Container): void {
  if (call.header('x-ms-documentdb-query-enablecrosspartition')?.toLowerCase() !== 'true') {
    throw badRequest(
      'Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, ' +
        'specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.',
    )
  }
  checkPlainAggregates(query)
  // A client that merges asks each range by its id; one that does not know yet gets the plan along with the refusal.
  if (!needsMerge(query)) return
  const refusal = badRequest('The provided cross partition query can not be directly served by the gateway.', 1004)
  refusal.additionalErrorInfo = JSON.stringify(queryPlan(query, spec, container))
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
