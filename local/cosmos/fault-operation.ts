import type { Call } from './http.ts'

/** A call by what the fault rules of Cosmos can tell apart. */
export function faultOperation(call: Call): Record<string, string | undefined> {
  const [, database, , container, , item] = call.segments
  return { method: call.method, resource: resourceOf(call), operation: operationOf(call), database, container, item }
}

function resourceOf({ segments: [root = 'account', , colls, , feed] }: Call): string {
  if (root !== 'dbs') return root
  if (colls === undefined) return 'databases'
  if (feed === undefined) return 'containers'
  return feed === 'docs' ? 'items' : feed
}

function operationOf(call: Call): string {
  const isFeed = call.segments.length % 2 === 1
  switch (call.method) {
    case 'GET':
      if (call.header('a-im') !== undefined) return 'change-feed'
      return isFeed ? 'list' : 'read'
    case 'PUT':
      return 'replace'
    case 'POST':
      return postOf(call)
    default:
      return call.method.toLowerCase()
  }
}

function postOf(call: Call): string {
  const isTrue = (header: string) => call.header(header)?.toLowerCase() === 'true'
  if (isTrue('x-ms-cosmos-is-query-plan-request')) return 'query-plan'
  if (isTrue('x-ms-cosmos-is-batch-request')) return isTrue('x-ms-cosmos-batch-atomic') ? 'batch' : 'bulk'
  if (isTrue('x-ms-documentdb-isquery')) return 'query'
  return isTrue('x-ms-documentdb-is-upsert') ? 'upsert' : 'create'
}
