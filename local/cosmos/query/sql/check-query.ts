import { badRequest } from '../../errors.ts'
import { children, type Query, type Scalar } from './ast.ts'

const MAX_JOINS = 10

/** @throws CosmosError 400 for clauses that Azure does not allow together */
export function checkQuery(query: Query): void {
  const { select, from, groupBy, orderBy } = query
  if (from.length > MAX_JOINS + 1) throw badRequest(`The query has more than ${MAX_JOINS} JOINs, which is the limit.`)
  if (select.type === 'all') {
    if (from.length === 0) throw badRequest("'SELECT *' is not valid if FROM clause is omitted.")
    if (from.length > 1) throw badRequest("'SELECT *' is only valid with a single input set.")
    if (groupBy.length > 0) throw badRequest("'SELECT *' is not valid with GROUP BY.")
  }
  if (groupBy.length > 0 && orderBy.length > 0) throw badRequest("'ORDER BY' is not supported with 'GROUP BY'.")
  const selected = selectedValues(query)
  const aggregated = selected.some(hasAggregate)
  if (aggregated && orderBy.length > 0) throw badRequest("'ORDER BY' is not supported with aggregate functions.")
  if (!aggregated && groupBy.length === 0) return
  const keys = new Set(groupBy.map(key => JSON.stringify(key)))
  for (const value of selected) checkGrouped(value, keys)
}

export function selectedValues(query: Query): Scalar[] {
  const { select } = query
  if (select.type === 'all') return []
  return select.type === 'value' ? [select.value] : select.items.map(item => item.value)
}

export function hasAggregate(scalar: Scalar): boolean {
  return scalar.type === 'aggregate' || children(scalar).some(hasAggregate)
}

function checkGrouped(scalar: Scalar, keys: ReadonlySet<string>): void {
  if (scalar.type === 'aggregate' || keys.has(JSON.stringify(scalar))) return
  if (scalar.type === 'member' || scalar.type === 'alias') {
    throw badRequest(
      `Property reference '${nameOf(scalar)}' is invalid in the select list because it is not contained in either an ` +
        'aggregate function or the GROUP BY clause.',
    )
  }
  for (const child of children(scalar)) checkGrouped(child, keys)
}

function nameOf(scalar: Scalar): string {
  if (scalar.type === 'alias') return scalar.name
  if (scalar.type !== 'member') return '...'
  return `${nameOf(scalar.target)}.${scalar.key.type === 'constant' ? scalar.key.value : '...'}`
}
