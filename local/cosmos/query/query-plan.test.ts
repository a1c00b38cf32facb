import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { Container } from '../containers/container.ts'
import { containerDefinition } from '../containers/container-definition.ts'
import { Partition } from '../partitions/partition.ts'
import { evenRanges } from '../partitions/partitions.ts'
import { checkFeatures } from './query-features.ts'
import { queryPlan } from './query-plan.ts'
import { querySpec } from './query-spec.ts'
import { parseQuery } from './sql/parse-query.ts'

const FILTER = '({documentdb-formattableorderbyquery-filter})'

function containerOf(partitionKey: { paths: string[]; kind?: string; version?: number }): Container {
  return new Container({
    sqlite: new DatabaseSync(':memory:'),
    database: { number: 1, id: 'shop', cap: undefined },
    number: 1,
    definition: containerDefinition({ id: 'items', partitionKey: { kind: 'Hash', ...partitionKey } }),
    offer: undefined,
    ownCap: undefined,
    ts: 0,
    partitions: evenRanges(3, 'v2').map((range, index) => new Partition({ index, range, lsn: 0 })),
  })
}

const byKey = containerOf({ paths: ['/key'], version: 2 })

interface Plan {
  queryInfo: Record<string, unknown>
  queryRanges: { min: string; max: string; isMaxInclusive: boolean }[]
}

function plan(
  sql: string,
  options: { parameters?: { name: string; value: number }[]; container?: Container } = {},
): Plan {
  const spec = querySpec({ query: sql, parameters: options.parameters ?? [] })
  return JSON.parse(JSON.stringify(queryPlan(parseQuery(sql), spec, options.container ?? byKey)))
}

// Queries and plans of Azure/azure-cosmos-dotnet-v3, QueryPlanBaselineTests; conditions are put in brackets as there.
describe('the rewritten query', () => {
  test.each([
    ['SELECT * FROM c', ''],
    [
      'SELECT * FROM Root r ORDER BY r.blah',
      `SELECT r._rid, [{"item": r.blah}] AS orderByItems, r AS payload\nFROM Root AS r\nWHERE ${FILTER}\nORDER BY r.blah`,
    ],
    [
      'SELECT TOP 10 * FROM Root r ORDER BY r.key DESC',
      `SELECT TOP 10 r._rid, [{"item": r.key}] AS orderByItems, r AS payload\nFROM Root AS r\nWHERE ${FILTER}\nORDER BY r.key DESC`,
    ],
    [
      'SELECT c.blah, c.blah2 FROM Root c ORDER BY c.key',
      `SELECT c._rid, [{"item": c.key}] AS orderByItems, {"blah": c.blah, "blah2": c.blah2} AS payload\nFROM Root AS c\nWHERE ${FILTER}\nORDER BY c.key`,
    ],
    [
      'SELECT VALUE c.blah FROM c ORDER BY c.key',
      `SELECT c._rid, [{"item": c.key}] AS orderByItems, c.blah AS payload\nFROM c\nWHERE (${FILTER} AND IS_DEFINED(c.blah))\nORDER BY c.key`,
    ],
    [
      'SELECT * FROM Root r WHERE r.key IN (1, 2) ORDER BY r.key',
      `SELECT r._rid, [{"item": r.key}] AS orderByItems, r AS payload\nFROM Root AS r\nWHERE ((r.key IN (1, 2)) AND ${FILTER})\nORDER BY r.key`,
    ],
    ['SELECT * FROM c OFFSET 1 LIMIT 2', 'SELECT *\nFROM c\nOFFSET 0 LIMIT 3'],
    ['SELECT TOP 5 * FROM c', ''],
    ['SELECT DISTINCT c.blah FROM c', ''],
    [
      'SELECT DISTINCT VALUE c.blah FROM c ORDER BY c.blah',
      `SELECT c._rid, [{"item": c.blah}] AS orderByItems, c.blah AS payload\nFROM c\nWHERE (${FILTER} AND IS_DEFINED(c.blah))\nORDER BY c.blah`,
    ],
    ['SELECT DISTINCT * FROM c WHERE c.key = 5 OFFSET 1 LIMIT 2', 'SELECT DISTINCT *\nFROM c\nWHERE (c.key = 5)'],
    ['SELECT VALUE COUNT(1) FROM c', 'SELECT VALUE [{"item": COUNT(1)}]\nFROM c'],
    [
      'SELECT SUM(c.blah) AS sum, AVG(c.blah) AS avg FROM c',
      'SELECT {"sum": {"item": SUM(c.blah)}, "avg": {"item": {"sum": SUM(c.blah), "count": COUNT(c.blah)}}} AS payload\nFROM c',
    ],
    [
      'SELECT MIN(c.blah) FROM c',
      'SELECT {"$1": {"item": MIN(c.blah), "item2": {"min": MIN(c.blah), "count": COUNT(c.blah)}}} AS payload\nFROM c',
    ],
    [
      'SELECT c.name FROM c WHERE c.key = 5 GROUP BY c.name OFFSET 1 LIMIT 2',
      'SELECT [{"item": c.name}] AS groupByItems, {"name": c.name} AS payload\nFROM c\nWHERE (c.key = 5)\nGROUP BY c.name',
    ],
    ["SELECT * FROM Root r WHERE r.key = 'key' ORDER BY r.key", ''],
    ['SELECT * FROM c WHERE c.key = 5 OFFSET 1 LIMIT 2', ''],
  ])('of %s', (sql, rewritten) => {
    expect(plan(sql).queryInfo.rewrittenQuery).toBe(rewritten)
  })

  test.each([
    "SELECT VALUE {a: -c['x y'].b[0], \"q\\\"\": ['\\u0041', null, true, undefined]} FROM c JOIN t IN c.tags",
    'SELECT c.a ?? 1, NOT c.b AS n, c.d BETWEEN 1 AND 2 + 3 FROM c WHERE c.x LIKE "a!%" ESCAPE "!" OR c.y NOT IN (1, @p)',
    'SELECT VALUE c.a > 1 ? EXISTS(SELECT VALUE t FROM t IN c.t) : ARRAY(SELECT TOP 1 VALUE t FROM t IN c.t) FROM c',
    'SELECT c["a b"], c["d"] AS e, c, 1 + 1, c.f AS value FROM c',
    'SELECT s.a, (SELECT VALUE COUNT(1) FROM x IN c.x) AS n FROM c JOIN (SELECT VALUE t FROM t IN c.t WHERE t > 0) AS s',
  ])('reads the same as the query: %s', sql => {
    const query = parseQuery(`${sql} OFFSET 0 LIMIT 1`)
    const again = parseQuery(
      String(plan(`${sql} OFFSET 0 LIMIT 1`, { parameters: [{ name: '@p', value: 1 }] }).queryInfo.rewrittenQuery),
    )
    expect(again).toEqual(query)
  })
})

describe('the plan', () => {
  test('tells how ORDER BY and its range are merged', () => {
    const parameters = [
      { name: '@o', value: 42 },
      { name: '@l', value: 7 },
    ]
    const sql = 'SELECT c.a FROM c ORDER BY c.a DESC, c.b OFFSET @o LIMIT @l'
    expect(plan(sql, { parameters }).queryInfo).toMatchObject({
      distinctType: 'None',
      orderBy: ['Descending', 'Ascending'],
      orderByExpressions: ['c.a', 'c.b'],
      offset: 42,
      limit: 7,
      top: null,
      hasSelectValue: false,
      hasNonStreamingOrderBy: false,
      dCountInfo: null,
    })
  })

  test('tells the aggregate of each alias of a GROUP BY, and none of its own', () => {
    const sql = 'SELECT c.team, COUNT(1) AS n, AVG(c.age) AS age FROM c GROUP BY c.team'
    expect(plan(sql).queryInfo).toMatchObject({
      groupByExpressions: ['c.team'],
      groupByAliases: ['team', 'n', 'age'],
      groupByAliasToAggregateType: { team: null, n: 'Count', age: 'Average' },
      aggregates: [],
    })
    expect(plan('SELECT VALUE MAX(c.age) FROM c GROUP BY c.team').queryInfo).toMatchObject({
      aggregates: ['Max'],
      hasSelectValue: true,
    })
  })

  test('tells whether equal rows come one beside the other', () => {
    expect(plan('SELECT DISTINCT c.a FROM c').queryInfo.distinctType).toBe('Unordered')
    expect(plan('SELECT DISTINCT c.a FROM c ORDER BY c.a').queryInfo.distinctType).toBe('Ordered')
    expect(plan('SELECT DISTINCT c.a, c.b FROM c ORDER BY c.a').queryInfo.distinctType).toBe('Unordered')
  })

  test('goes to the ranges of the partition keys that the filter names', () => {
    expect(plan('SELECT * FROM c').queryRanges).toEqual([
      { min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false },
    ])
    const [point, ...others] = plan("SELECT * FROM c WHERE c.key = 'a' AND c.n > 1").queryRanges
    expect(others).toEqual([])
    expect(point).toMatchObject({ max: point?.min, isMaxInclusive: true })
    const several = plan("SELECT * FROM c WHERE c.key IN ('a', 'b', 'c', 'a')").queryRanges
    expect(several).toHaveLength(3)
    expect(several.map(range => range.min)).toEqual(several.map(range => range.min).sort())
    expect(plan("SELECT * FROM c WHERE c.key = 'a' OR true").queryRanges[0]?.max).toBe('FF')
  })

  test('of a hierarchical key goes to all keys that begin with the values given', () => {
    const container = containerOf({ paths: ['/tenant', '/user'], kind: 'MultiHash', version: 2 })
    const [prefix] = plan("SELECT * FROM c WHERE c.tenant = 't'", { container }).queryRanges
    expect(prefix).toMatchObject({ max: `${prefix?.min}FF`, isMaxInclusive: false })
    const [whole] = plan("SELECT * FROM c WHERE c.tenant = 't' AND c.user = 'u'", { container }).queryRanges
    expect(whole?.min.startsWith(prefix?.min ?? '-')).toBe(true)
    expect(whole).toMatchObject({ max: whole?.min, isMaxInclusive: true })
    expect(plan("SELECT * FROM c WHERE c.user = 'u'", { container }).queryRanges[0]?.max).toBe('FF')
  })

  test('is refused for an aggregate within another expression', () => {
    expect(() => plan('SELECT VALUE COUNT(1) + 1 FROM c')).toThrow('Compositions of aggregates')
    expect(() => plan('SELECT c.a, ABS(SUM(c.b)) AS b FROM c GROUP BY c.a')).toThrow('Compositions of aggregates')
  })

  test('is refused to a client that cannot carry it out', () => {
    const query = parseQuery('SELECT VALUE COUNT(1) FROM c')
    expect(() => checkFeatures(query, '')).toThrow(
      'Query contained Aggregate, which the calling client does not support',
    )
    expect(() => checkFeatures(query, 'OrderBy, Aggregate')).not.toThrow()
    expect(() => checkFeatures(parseQuery('SELECT TOP 1 * FROM c'), 'OrderBy')).toThrow('Query contained Top')
  })
})
