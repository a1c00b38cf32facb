import type { Container } from '../containers/container.ts'
import { badRequest } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import type { JsonObject } from '../json.ts'
import { checkFeatures } from './query-features.ts'
import { type QuerySpec, querySpec } from './query-spec.ts'
import { aggregatesOf, groupByQuery, orderByQuery } from './rewrite-query.ts'
import type { Aggregate, Query, Scalar } from './sql/ast.ts'
import { hasAggregate, selectedValues } from './sql/check-query.ts'
import { compileQuery } from './sql/compile-query.ts'
import { type Narrowing, narrowing } from './sql/narrow.ts'
import { checkOrder } from './sql/order-rule.ts'
import { parseQuery } from './sql/parse-query.ts'
import { print, printQuery } from './sql/print-query.ts'

const NAMES: Record<Aggregate, string> = { COUNT: 'Count', SUM: 'Sum', MIN: 'Min', MAX: 'Max', AVG: 'Average' }

export function queryPlanReply(call: Call, container: Container): Reply {
  const spec = querySpec(jsonBody(call))
  const query = parseQuery(spec.query)
  checkOrder(query, container.policy)
  const plan = queryPlan(query, spec, container)
  checkFeatures(query, call.header('x-ms-cosmos-supported-query-features') ?? '')
  return { status: 200, charge: 1, body: JSON.stringify(plan) }
}

/**
 * The plan by which an SDK asks the partitions and brings their answers together.
 * Source: Azure/azure-cosmos-dotnet-v3, QueryPlanBaselineTests, whose queries and plans these are.
 * @throws CosmosError 400 for aggregates within other expressions, which nobody can bring together
 */
export function queryPlan(query: Query, spec: QuerySpec, container: Container): JsonObject {
  const { offset, limit } = compileQuery(query, spec.parameters)
  const narrowed = narrowing(query, spec.parameters, container.paths)
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: { ...NOTHING_TO_MERGE, ...mergeInfo(query, { offset, limit, single: narrowed.single }) },
    hybridSearchQueryInfo: null,
    queryRanges: queryRanges(narrowed, container),
  }
}

/** Whether a query over several partitions is for the client to merge, which the gateway refuses to do for it. */
export function needsMerge(query: Query): boolean {
  const { distinct, top, offset, orderBy, groupBy } = query
  const ranged = top !== undefined || offset !== undefined || orderBy.length > 0
  return distinct || ranged || groupBy.length > 0 || isAggregated(query)
}

function isAggregated(query: Query): boolean {
  return selectedValues(query).some(hasAggregate)
}

const NOTHING_TO_MERGE: JsonObject = {
  distinctType: 'None',
  top: null,
  offset: null,
  limit: null,
  orderBy: [],
  orderByExpressions: [],
  groupByExpressions: [],
  groupByAliases: [],
  aggregates: [],
  groupByAliasToAggregateType: {},
  rewrittenQuery: '',
  hasSelectValue: false,
  dCountInfo: null,
  hasNonStreamingOrderBy: false,
}

function mergeInfo(query: Query, range: { offset: number; limit: number; single: boolean }): JsonObject {
  const { select, distinct, groupBy } = query
  const hasSelectValue = select.type === 'value'
  const gathered = groupBy.length > 0 || isAggregated(query)
  // One partition key's rows are all in one partition, which orders and counts them by itself.
  if (range.single && !distinct && !gathered) return { hasSelectValue }
  const limits: JsonObject = {
    top: query.top ? range.limit : null,
    offset: query.offset ? range.offset : null,
    limit: query.offset ? range.limit : null,
  }
  const rewrittenQuery = rewritten(query, range, gathered)
  return { hasSelectValue, ...limits, ...distinctInfo(query), ...orderInfo(query), ...groupInfo(query), rewrittenQuery }
}

// Rows that are brought together can be counted only afterwards; otherwise a partition gives as many as could be needed.
function rewritten(query: Query, { offset, limit }: { offset: number; limit: number }, gathered: boolean): string {
  const { top: _top, ...rest } = query
  const counted = gathered || query.distinct
  const range = {
    top: counted ? undefined : query.top,
    offset: counted || !query.offset ? undefined : number(0),
    limit: counted || !query.offset ? undefined : number(offset + limit),
  }
  const partial: Query = { ...rest, ...range }
  if (gathered) return printQuery(groupByQuery(partial))
  if (query.orderBy.length > 0) return printQuery(orderByQuery(partial))
  return query.offset ? printQuery(partial) : ''
}

function number(value: number): Scalar {
  return { type: 'constant', value }
}

function orderInfo({ orderBy }: Query): JsonObject {
  return {
    orderBy: orderBy.map(item => (item.descending ? 'Descending' : 'Ascending')),
    orderByExpressions: orderBy.map(item => print(item.value)),
  }
}

// Rows in the order of all that is selected come one beside the other when they are equal.
function distinctInfo(query: Query): JsonObject {
  if (!query.distinct) return {}
  const ordered = new Set(query.orderBy.map(item => print(item.value)))
  const selected = selectedValues(query).map(print)
  const isOrdered = selected.length > 0 && selected.every(value => ordered.has(value))
  return { distinctType: isOrdered ? 'Ordered' : 'Unordered' }
}

function groupInfo(query: Query): JsonObject {
  const { select, groupBy } = query
  const types = aggregatesOf(query).map(name => (name === undefined ? null : NAMES[name]))
  const groupByExpressions = groupBy.map(print)
  if (select.type === 'value') return { groupByExpressions, aggregates: types.filter(type => type !== null) }
  if (select.type === 'all' || (groupBy.length === 0 && !isAggregated(query))) return {}
  const aliases = select.items.map(item => item.key)
  return {
    groupByExpressions,
    groupByAliases: aliases,
    groupByAliasToAggregateType: Object.fromEntries(aliases.map((alias, at) => [alias, types[at] ?? null])),
  }
}

function queryRanges({ keys, single }: Narrowing, { partitions, paths }: Container): JsonObject[] {
  if (!keys) return [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }]
  const complete = single || keys.every(key => key.length === paths.length)
  const ranges = new Map(keys.map(key => partitions.rangeOf(key)).map(range => [range.min, range]))
  return [...ranges.values()]
    .sort((a, b) => (a.min < b.min ? -1 : 1))
    .map(({ min, max }) => ({
      min,
      max: complete ? min : max,
      isMinInclusive: true,
      isMaxInclusive: complete,
    }))
}

/** @throws CosmosError 400 for aggregates that the gateway refuses without a plan */
export function checkPlainAggregates(query: Query): void {
  if (!isAggregated(query)) return
  if (query.select.type === 'value' && query.select.value.type === 'aggregate' && query.groupBy.length === 0) return
  throw badRequest("Cross partition query only supports 'VALUE <AggregateFunc>' for aggregates.")
}
