import type { IndexPolicy } from '../../containers/index-policy.ts'
import { badRequest } from '../../errors.ts'
import { propertyPath, type Query } from './ast.ts'

/**
 * Refuses an ORDER BY that no index can serve.
 * Source: Microsoft, "Indexing policies in Azure Cosmos DB", composite indexes: the paths must be exactly those of an index
 * in its sequence, the directions all as in the index or all opposite.
 */
export function checkOrder(query: Query, policy: IndexPolicy): void {
  if (query.orderBy.length === 0) return
  const root = query.from[0]
  const items = query.orderBy.map(({ value, descending }) => {
    const path = propertyPath(value)
    if (!path || path.length < 2 || root?.path.type !== 'alias' || path[0] !== root.alias) {
      throw badRequest('Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.')
    }
    return { path: path.slice(1), descending }
  })
  const [single] = items
  if (items.length === 1 && single) {
    if (policy.isIndexed(single.path)) return
    throw badRequest('The index path corresponding to the specified order-by item is excluded.')
  }
  const served = policy.composites.some(index => {
    if (policy.mode === 'none' || index.length !== items.length) return false
    const paths = items.every((item, at) => item.path.join('/') === index[at]?.path)
    const opposite = items.map((item, at) => item.descending !== (index[at]?.order === 'descending'))
    return paths && (opposite.every(Boolean) || !opposite.some(Boolean))
  })
  if (!served) {
    throw badRequest('The order by query does not have a corresponding composite index that it can be served from.')
  }
}
