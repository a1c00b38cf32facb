import { badRequest } from '../errors.ts'
import type { Aggregate, Query, Scalar } from './sql/ast.ts'
import { hasAggregate, selectedValues } from './sql/check-query.ts'

// The client puts a condition here that takes it to where a continuation token left off, or true.
const FILTER: Scalar = { type: 'placeholder', name: '({documentdb-formattableorderbyquery-filter})' }

/** The query that each partition is asked for the rows of ORDER BY: their values beside what the client is to get. */
export function orderByQuery(query: Query): Query {
  const root: Scalar = { type: 'alias', name: query.from[0]?.alias ?? '' }
  const conditions = [...(query.where ? [query.where] : []), FILTER]
  if (query.select.type === 'value') {
    conditions.push({ type: 'call', name: 'IS_DEFINED', args: [query.select.value] })
  }
  return {
    ...query,
    distinct: false,
    select: {
      type: 'list',
      items: [
        { key: '_rid', value: { type: 'member', target: root, key: { type: 'constant', value: '_rid' } } },
        { key: 'orderByItems', value: items(query.orderBy.map(item => item.value)) },
        { key: 'payload', value: payload(query, value => value) },
      ],
    },
    where: conditions.reduce((left, right) => ({ type: 'binary', operator: 'AND', left, right })),
  }
}

/**
 * The query that each partition is asked for groups: their keys beside values that can be brought together.
 * @throws CosmosError 400 for an aggregate within another expression, which cannot
 */
export function groupByQuery(query: Query): Query {
  const { select, groupBy } = query
  const merged = payload(query, mergeable)
  if (groupBy.length === 0 && select.type === 'value') return { ...query, select: { type: 'value', value: merged } }
  const keys = groupBy.length > 0 ? [{ key: 'groupByItems', value: items(groupBy) }] : []
  return { ...query, select: { type: 'list', items: [...keys, { key: 'payload', value: merged }] } }
}

/** The aggregate functions that make up the selected values, undefined for values without. */
export function aggregatesOf(query: Query): (Aggregate | undefined)[] {
  return selectedValues(query).map(value => (value.type === 'aggregate' ? value.name : undefined))
}

function payload(query: Query, each: (value: Scalar) => Scalar): Scalar {
  const { select } = query
  switch (select.type) {
    case 'all':
      return { type: 'alias', name: query.from[0]?.alias ?? '' }
    case 'value':
      return select.value.type === 'aggregate' ? { type: 'array', items: [each(select.value)] } : each(select.value)
    case 'list':
      return { type: 'object', properties: select.items.map(({ key, value }) => ({ key, value: each(value) })) }
  }
}

// An average is brought together from sums and counts, a minimum and a maximum only of partitions that have values.
function mergeable(value: Scalar): Scalar {
  if (value.type !== 'aggregate') {
    if (!hasAggregate(value)) return value
    throw badRequest('Compositions of aggregates and other expressions are not allowed.')
  }
  const { name, operand } = value
  const of = (aggregate: Aggregate): Scalar => ({ type: 'aggregate', name: aggregate, operand })
  switch (name) {
    case 'COUNT':
    case 'SUM':
      return object({ item: value })
    case 'AVG':
      return object({ item: object({ sum: of('SUM'), count: of('COUNT') }) })
    case 'MIN':
    case 'MAX':
      return object({ item: value, item2: object({ [name.toLowerCase()]: value, count: of('COUNT') }) })
  }
}

function items(values: readonly Scalar[]): Scalar {
  return { type: 'array', items: values.map(item => object({ item })) }
}

function object(properties: Record<string, Scalar>): Scalar {
  return { type: 'object', properties: Object.entries(properties).map(([key, value]) => ({ key, value })) }
}
