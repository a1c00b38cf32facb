import { expect, test } from 'vitest'
import { faultyPorts } from '../../../tests/faulty-ports.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { BudgetLevel } from '../../schemas/usage.ts'
import { BudgetWatch } from './budget-watch.ts'

const settled = () => new Promise(setImmediate)

test('a process learns within a minute whether the budget slows, and keeps what it knows while it cannot ask', async () => {
  const ports = memoryPorts()
  const set = (level: BudgetLevel) =>
    ports.documents.upsert(collections.budgetStates, {
      ...{ id: 'budget', level, since: '2026-01-01T00:00:00.000Z', looked_at: '2026-01-01T00:00:00.000Z' },
      ...{ budget_dollars: 15, month_dollars: 1, forecast_dollars: 16 },
    })
  // The third look fails.
  const watch = new BudgetWatch(faultyPorts(ports, { at: 3, loses: 'effect', worker: 'alive' }).ports)
  const look = async (afterMs: number) => {
    ports.advance(afterMs)
    watch.keepFresh()
    await settled()
    return watch.isSlowed
  }
  expect(await look(0)).toBe(false)
  await set(1)
  expect(await look(59_999)).toBe(false)
  expect(await look(1)).toBe(true)
  await set(0)
  expect(await look(60_000)).toBe(true)
  expect(ports.logged).toMatchObject([{ level: 'warn', stage: 'budget' }])
  expect(await look(60_000)).toBe(false)
})
