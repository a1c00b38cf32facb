import { badRequest } from '../errors.ts'
import { aggregatesOf } from './rewrite-query.ts'
import type { Query } from './sql/ast.ts'

/**
 * Refuses a plan that the client, by the list of features it sends, cannot carry out.
 * @throws CosmosError 400 naming the features
 */
export function checkFeatures(query: Query, supported: string): void {
  const features = new Set(supported.split(',').map(feature => feature.trim()))
  const missing = featuresOf(query).filter(feature => !features.has(feature))
  if (missing.length === 0) return
  throw badRequest(
    'Query contains 1 or more unsupported features. Upgrade your SDK to a version that does support the requested features:\r\n' +
      missing.map(name => `Query contained ${name}, which the calling client does not support.`).join('\r\n'),
  )
}

function featuresOf(query: Query): string[] {
  const { select, distinct, top, offset, orderBy, groupBy } = query
  const aggregates = aggregatesOf(query).filter(name => name !== undefined).length
  const needed: Record<string, boolean> = {
    Aggregate: aggregates > 0,
    NonValueAggregate: aggregates > 0 && select.type !== 'value',
    MultipleAggregates: aggregates > 1,
    Distinct: distinct,
    GroupBy: groupBy.length > 0,
    Top: top !== undefined,
    OffsetAndLimit: offset !== undefined,
    OrderBy: orderBy.length > 0,
    MultipleOrderBy: orderBy.length > 1,
  }
  return Object.keys(needed).filter(feature => needed[feature])
}
