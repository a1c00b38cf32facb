import { expect, test } from 'vitest'
import { putRows, tableRows } from '../../../tests/bronze-rows.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import type { StageContext } from '../../runs/stage.ts'
import type { Metrics } from '../../schemas/run.ts'
import { bronzeInteractions, bronzeOrders, bronzeProducts, bronzeRatings } from '../tables/bronze-tables.ts'
import {
  silverBaskets,
  silverImplicitScores,
  silverOrders,
  silverSessions,
  silverUsers,
} from '../tables/silver-tables.ts'
import { silverStage } from './silver-stage.ts'

async function runStage(ports: MemoryPorts, of: Partial<StageContext> = {}): Promise<string[]> {
  const stage = silverStage({ pseudonymKey: 'a key for tests only' })
  const context: StageContext = {
    ...{ runId: 'run', token: 1, createdAt: '2026-01-01T00:00:00.000Z', ports },
    progress: () => Promise.resolve(),
    note: () => undefined,
    ...of,
  }
  const tables: string[] = []
  let chunks = await stage.plan(context)
  for (let round = 0; chunks.length > 0; round++) {
    const metrics: Metrics[] = []
    for (const chunk of chunks) metrics.push(await stage.run(chunk, context))
    tables.push(...chunks.map(chunk => (chunk as { table: string }).table))
    chunks = (await stage.planNext?.(context, { round, chunks, metrics })) ?? []
  }
  return tables
}

const line = (of: Record<string, string>) => ({ quantity: '1', unit_price: '10', channel: 'web', ...of })
const event = (of: Record<string, unknown>) => ({
  event: JSON.stringify({ schema_version: 1, user_id: 'anna', item_id: 'tea', event_type: 'view', ...of }),
})

test('the stage silver makes every table that has something new in it, and none when nothing is new', async () => {
  const ports = memoryPorts()
  expect(await runStage(ports)).toEqual([])
  await putRows(
    bronzeOrders,
    [
      line({ order_id: 'o1', user_id: 'anna', ordered_at: '2025-01-10 09:00', item_id: 'tea', quantity: '2' }),
      line({ order_id: 'o1', user_id: 'anna', ordered_at: '2025-01-10 09:00', item_id: 'pot' }),
      line({ order_id: 'o2', user_id: 'anna', ordered_at: '2025-03-10 09:00', item_id: 'tea', quantity: '-1' }),
      line({ order_id: 'o3', user_id: 'ben', ordered_at: '2025-03-11 09:00', item_id: 'tea', unit_price: '4' }),
    ],
    ports,
  )
  await putRows(bronzeRatings, [{ user_id: 'ben', item_id: 'tea', rating: '5', rated_at: '2025-03-11 09:00' }], ports)
  await putRows(
    bronzeInteractions,
    [
      event({ event_id: 'e1', ts: '2025-03-01T10:00:00Z' }),
      event({ event_id: 'e2', ts: '2025-03-01T10:20:00Z', event_type: 'add_to_cart' }),
      event({ event_id: 'e3', ts: '2025-03-01T10:51:00Z', event_type: 'purchase' }),
      // The line of o3 tells of this one.
      event({ event_id: 'e4', user_id: 'ben', order_id: 'o3', ts: '2025-03-11T09:00:00Z', event_type: 'purchase' }),
    ],
    ports,
  )
  expect(await runStage(ports)).toHaveLength(10)
  expect(await runStage(ports)).toEqual([])

  expect(await tableRows(silverOrders, ports)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ order_id: 'o1', lines: 2, items: 2, units: 3, revenue: 30, returned: 0 }),
      expect.objectContaining({ order_id: 'o2', units: 0, revenue: 0, returned: -10, month: '2025-03' }),
    ]),
  )
  const sessions = await tableRows(silverSessions, ports)
  expect(
    sessions
      .filter(({ user_id }) => user_id === 'anna')
      .map(({ events }) => events)
      .sort(),
  ).toEqual([1, 2])
  const baskets = await tableRows(silverBaskets, ports)
  expect(baskets.map(({ basket_key, item_id }) => `${basket_key} ${item_id}`).sort()).toEqual([
    'order o1 pot',
    'order o1 tea',
    'order o3 tea',
    'session anna 2025-03-01 tea',
  ])
  const users = await tableRows(silverUsers, ports)
  expect(users.find(({ user_id }) => user_id === 'anna')).toMatchObject({ orders: 1, revenue: 20, recency_days: 60 })
  expect(users.find(({ user_id }) => user_id === 'ben')).toMatchObject({
    orders: 1,
    revenue: 4,
    recency_days: 0,
    churn_score: 0,
  })
  const scores = await tableRows(silverImplicitScores, ports)
  // Rated 5, bought once today, one piece: .4 + .3 / 5 + .2 + .1 / 10.
  expect(scores.find(({ user_id }) => user_id === 'ben')?.score).toBeCloseTo(0.67, 10)
})

test('an hourly run leaves the tables that are made as a whole to the daily one', async () => {
  const ports = memoryPorts()
  await putRows(bronzeProducts, [{ item_id: 'tea', name: 'Tea', price: '1' }], ports)
  await putRows(
    bronzeOrders,
    [line({ order_id: 'o1', user_id: 'anna', ordered_at: '2025-01-10', item_id: 'tea' })],
    ports,
  )
  const hourly = await runStage(ports, { scope: 'hourly' })
  expect(hourly).not.toContain('silver/users')
  expect(await runStage(ports, { scope: 'daily' })).toEqual(['silver/users', 'silver/implicit_scores'])
})
