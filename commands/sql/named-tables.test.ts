import { describe, expect, test } from 'vitest'
import { namedTables, parseAsOf } from './named-tables.ts'

const named = (statement: string) => namedTables(statement).tables.map(({ layer, view }) => `${layer}.${view}`)

describe('namedTables()', () => {
  test('finds tables by schema and by view, each once', () => {
    expect(named('select * from gold.daily_sales d join gold_dim_date using (day), gold.daily_sales')).toEqual([
      'gold.daily_sales',
      'gold.dim_date',
    ])
  })

  test('leaves alone what texts and comments say, and tables nobody knows', () => {
    expect(named(`select 'gold.dim_date' -- gold.dim_date\n/* silver.orders */ from gold.nothing, my.gold.x`)).toEqual(
      [],
    )
  })

  test('gives a version of a table a view of its own, beside the newest', () => {
    const { statement, tables } = namedTables('from Gold.Daily_Sales@3 except from gold.daily_sales')
    expect(statement).toBe('from Gold.daily_sales_as_of_3 except from gold.daily_sales')
    expect(tables.map(({ asOf }) => asOf)).toEqual([{ version: 3 }, undefined])
  })
})

test('parseAsOf() takes versions, days and times, in UTC', () => {
  expect(parseAsOf('12')).toEqual({ version: 12 })
  expect(parseAsOf('2026-01-31')).toEqual({ timestampMs: Date.UTC(2026, 0, 31) })
  expect(parseAsOf('2026-01-31T12:00')).toEqual({ timestampMs: Date.UTC(2026, 0, 31, 12) })
  expect(parseAsOf('2026-01-31T12:00+02:00')).toEqual({ timestampMs: Date.UTC(2026, 0, 31, 10) })
  expect(() => parseAsOf('yesterday')).toThrow('As of must be a version or a time')
})
