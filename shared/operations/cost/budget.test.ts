import { expect, test } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { BudgetLevel, Usage } from '../../schemas/usage.ts'
import { nextLevel, refreshEveryMs, watchBudget } from './budget.ts'
import { deploymentOf } from './deployments.ts'
import { monthCost } from './month.ts'
import { noUsage } from './usage.ts'
import { dayOf } from './usage-meter.ts'

const starter = deploymentOf('starter')
const dayMs = 86_400_000
const hourMs = 3_600_000
/** GB-s that cost a dollar beyond the grant. */
const dollarOfGbSeconds = 1 / 0.000026

/** What was used on the day at hand. */
async function used(ports: MemoryPorts, usage: Partial<Usage>): Promise<void> {
  const id = dayOf(ports.clock())
  await ports.documents.upsert(collections.usageDays, { id, usage: { ...noUsage(), ...usage }, writers: {} })
}
const busy = { gb_seconds: { http: dollarOfGbSeconds }, executions: { http: 100_000 }, lists: 100_000 }
const look = (ports: MemoryPorts, budgetDollars = 15) => watchBudget({ budgetDollars, deployment: starter }, ports)

test('a month costs what its days used and its hours so far; the rest goes on as in the last seven days', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 5, 1) })
  for (let day = 1; day <= 10; day++) {
    await used(ports, busy)
    ports.advance(dayMs)
  }
  const month = await monthCost(ports.clock(), starter, ports.documents)
  const line = (lines: typeof month.lines, unit: string) => lines.find(each => each.unit.startsWith(unit))
  expect(line(month.lines, 'throughput')?.quantity).toBeCloseTo(240, 6)
  expect(line(month.lines, 'GB-s')?.dollars).toBeCloseTo(10 - 2.6, 6)
  expect(line(month.lines, 'million executions')?.dollars).toBeCloseTo(0.4 * 0.75, 6)
  // Thirty days: the grants are of the month, and used once.
  expect(line(month.forecast.lines, 'GB-s')?.dollars).toBeCloseTo(9 + 1 + 20 - 2.6, 0)
  expect(month.forecast.lists).toBeGreaterThan(2_500_000)
  expect(month.dollars).toBeLessThan(month.forecast.dollars)
})

test('an app deployed in the middle of a month pays no hours of before', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 5, 20) })
  await used(ports, {})
  ports.advance(12 * hourMs)
  const month = await monthCost(ports.clock(), starter, ports.documents)
  expect(month.lines[0]).toMatchObject({ unit: 'throughput unit hours', quantity: expect.closeTo(12, 6) })
  expect(month.forecast.lines[0]?.quantity).toBeCloseTo(11 * 24, 6)
})

test('a forecast above the budget makes refreshes rarer, step by step, and one well below it restores them', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 5, 1) })
  const levels: [day: number, level: BudgetLevel][] = []
  for (let day = 1; day <= 25; day++) {
    await used(ports, day <= 3 ? busy : {})
    ports.advance(dayMs)
    const { level } = await look(ports)
    if (level !== levels.at(-1)?.[1]) levels.push([day, level])
  }
  expect(levels).toEqual([
    [1, 1],
    [2, 2],
    [expect.any(Number), 1],
    [expect.any(Number), 0],
  ])
  const told = ports.logged.flatMap(({ event }) => (event === undefined ? [] : [event]))
  expect(told).toEqual(['budget_slowed', 'budget_slowed', 'budget_restored'])
  expect(ports.told.valueOf('month_forecast_dollars')).toBeGreaterThan(ports.told.valueOf('month_cost_dollars'))
})

test('it reckons once an hour, and at once when the budget is set anew', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 5, 1) })
  await used(ports, busy)
  ports.advance(dayMs)
  const first = await look(ports)
  ports.advance(hourMs - 1)
  expect(await look(ports)).toEqual(first)
  expect((await look(ports, 1_000)).budget_dollars).toBe(1_000)
  expect((await look(ports, 0)).level).toBe(0)
})

test('no level changes within a day of the last change, nor in the last twentieth below the budget', () => {
  const now = Date.UTC(2026, 5, 10)
  const since = (hours: number) => new Date(now - hours * hourMs).toISOString()
  const after = (level: BudgetLevel, hours: number, forecastDollars: number) =>
    nextLevel({ level, since: since(hours) }, { budgetDollars: 10, forecastDollars, now })
  expect([after(1, 23, 99), after(1, 24, 99), after(2, 99, 99)]).toEqual([1, 2, 2])
  expect([after(1, 23, 1), after(1, 24, 1), after(2, 24, 1)]).toEqual([1, 0, 1])
  expect([after(1, 99, 9.6), after(2, 99, 9.6), after(0, 99, 9.6)]).toEqual([1, 2, 0])
  expect(nextLevel(undefined, { budgetDollars: 10, forecastDollars: 11, now })).toBe(1)
  expect(nextLevel(undefined, { budgetDollars: 0, forecastDollars: 11, now })).toBe(0)
  expect(refreshEveryMs(undefined)).toBe(0)
})
