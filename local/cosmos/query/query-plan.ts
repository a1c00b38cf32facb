import { badRequest } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import type { JsonObject } from '../json.ts'
import { querySpec } from './query-spec.ts'
import type { Query } from './sql/ast.ts'
import { hasAggregate, selectedValues } from './sql/check-query.ts'
import { compileQuery } from './sql/compile-query.ts'
import { parseQuery } from './sql/parse-query.ts'

export function queryPlanReply(call: Call): Reply {
  const spec = querySpec(jsonBody(call))
  const query = parseQuery(spec.query)
  compileQuery(query, spec.parameters)
  return { status: 200, charge: 1, body: JSON.stringify(queryPlan(query)) }
}

/**
 * The plan by which an SDK merges the answers of several partitions. There is one partition here and its answers are
 * complete, so the plan leaves nothing to merge; it only makes the SDK page and refuse as it does with Azure.
 * @throws CosmosError 400 for aggregates that Azure does not compute over several partitions
 */
export function queryPlan(query: Query): JsonObject {
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: 'None',
      top: null,
      offset: null,
      limit: null,
      orderBy: [],
      orderByExpressions: [],
      groupByExpressions: [],
      groupByAliases: [],
      aggregates: unmergeableAggregates(query),
      groupByAliasToAggregateType: {},
      rewrittenQuery: '',
      hasSelectValue: query.select.type === 'value',
      hasNonStreamingOrderBy: false,
      dCountInfo: null,
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
  }
}

/** Whether a query over several partitions is for the client to merge, which the gateway refuses to do for it. */
export function needsMerge(query: Query): boolean {
  const { distinct, top, offset, orderBy, groupBy } = query
  const ranged = top !== undefined || offset !== undefined || orderBy.length > 0
  return distinct || ranged || groupBy.length > 0 || selectedValues(query).some(hasAggregate)
}

// The SDK refuses aggregates beside other values itself, when it finds them in the plan.
function unmergeableAggregates(query: Query): string[] {
  const { select, groupBy } = query
  if (groupBy.length > 0 || !selectedValues(query).some(hasAggregate)) return []
  if (select.type !== 'value') return ['Count']
  if (select.value.type === 'aggregate') return []
  throw badRequest("Cross partition query only supports 'VALUE <AggregateFunc>' for aggregates.")
}
