import { describe, expect, test } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { lakeJob, lakeStages } from '../shared/lake/lake-job.ts'
import {
  dailySales,
  factTransactions,
  goldAssocRules,
  goldItemSim,
  goldModelMetrics,
  goldTables,
  goldUserTopn,
  trainingInteractions,
} from '../shared/lake/tables/gold-tables.ts'
import { lakeTables } from '../shared/lake/tables/lake-tables.ts'
import { quarantineTable } from '../shared/lake/tables/quarantine-table.ts'
import { silverOrderLines } from '../shared/lake/tables/silver-tables.ts'
import type { Table } from '../shared/lake/tables/table.ts'
import type { Ports } from '../shared/ports.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { sweep } from '../shared/runs/sweep.ts'
import { work } from '../shared/runs/work.ts'
import { RunMessage } from '../shared/schemas/run.ts'
import { tableRows } from './bronze-rows.ts'
import { faultyPorts, WorkerStruck } from './faulty-ports.ts'
import { fittedShop, shoppers } from './fitted-shop.ts'
import { drop, jobs, lake, runJob } from './memory-shop.ts'

const orders = 'order_id,customer_id,ordered_at,item_id,quantity,unit_price'

/** A pen and ink for Anna, a cup for nobody, a line of which nobody knows how many; Ben looks at a pen. */
async function stationer(): Promise<MemoryPorts> {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 10) })
  await drop(ports, 'products/all.csv', [
    'item_id,name,category,price',
    'pen,Pen,Desk,2',
    'ink,Ink,Desk,3',
    'cup,Cup,Tea,5',
  ])
  await drop(ports, 'customers/all.csv', ['customer_id,country', 'anna,France', 'ben,Spain'])
  await drop(ports, 'orders/first.csv', [
    ...[orders, 'o1,anna,2025-12-31T23:00:00Z,pen,2,2', 'o1,anna,2025-12-31T23:00:00Z,ink,1,3'],
    ...['o2,,2026-01-02T09:00:00Z,cup,1,5', 'o3,ben,2026-01-03T09:00:00Z,pen,many,2'],
  ])
  await shoppers(ports, [['ben', 'view', 'pen']])
  return ports
}
const more = ['o4,ben,2025-12-05T09:00:00Z,ink,1,3', 'o1,anna,2026-01-04T09:00:00Z,ink,-1,3']

const told = (rows: readonly Record<string, unknown>[]) => rows.map(row => Object.values(row).join(' ')).sort()
const versions = async (ports: MemoryPorts) =>
  Promise.all(lakeTables.map(async ({ path }) => `${path} ${(await readSnapshot(path, ports))?.version ?? 'none'}`))
const rowsOf = async (tables: readonly Table[], ports: MemoryPorts) => {
  const all = tables.map(async table => [table.path, told(await tableRows(table, ports))] as const)
  return Object.fromEntries(await Promise.all(all))
}

describe('a stationer’s files and events', () => {
  test('are in gold, each once; the line nobody can read is in quarantine, and an alert tells of it', async () => {
    const ports = await stationer()
    expect(await runJob('lake', ports)).toMatchObject({ status: 'completed' })
    const sales = { columns: 'day, category, orders, units, revenue' }
    expect(told(await tableRows(dailySales, ports, sales))).toEqual(['2025-12-31 Desk 1 3 7', '2026-01-02 Tea 1 1 5'])
    const learned = { columns: 'user_id, item_id, event_type, month' }
    expect(told(await tableRows(trainingInteractions, ports, learned))).toEqual([
      ...['anna ink purchase 2025-12', 'anna pen purchase 2025-12', 'ben pen view 2026-01'],
    ])
    expect(await tableRows(factTransactions, ports)).toHaveLength(3)
    const rejected = quarantineTable(silverOrderLines.path)
    expect(told(await tableRows(rejected, ports, { columns: '"column", value, _row' }))).toEqual(['quantity many 4'])
    // Of 4 lines, 3 products, 2 customers and 1 event, 9 keep every rule.
    expect(ports.logged.filter(({ alert }) => alert === 'data_quality')).toEqual([
      expect.objectContaining({
        ...{ event: 'data_quality_low', data_quality: 0.9, floor: 0.95 },
        tables: ['silver/order_lines'],
      }),
    ])
    const gone = await Array.fromAsync(ports.blobs.list('bronze/_segments/'))
    expect(gone).toEqual([])

    const before = await versions(ports)
    await runJob('lake', ports)
    expect(await versions(ports)).toEqual(before)
  })

  test('that come later give the same gold as all of them at once, and as making it anew', async () => {
    const ports = await stationer()
    await runJob('lake', ports)
    await drop(ports, 'orders/second.csv', [orders, ...more])
    await runJob('lake', ports)
    const grown = await rowsOf(goldTables, ports)
    expect(grown[dailySales.path]).toHaveLength(4)
    await runJob('lake', ports, { ...jobs, lake: lakeJob({ ...lake, rebuild: true }) })
    expect(await rowsOf(goldTables, ports)).toEqual(grown)
  })

  test('are taken in once by two jobs at work at the same time', async () => {
    const ports = await stationer()
    await runJob('lake', ports)
    await drop(ports, 'orders/second.csv', [orders, ...more])
    const alone = ports.copy()
    await runJob('lake', alone)
    const both: Jobs = { ...jobs, refresh: { kind: 'refresh', stages: lakeStages(lake, { only: 'training' }) } }
    for (const kind of ['lake', 'refresh'] as const) await startRun(kind, { trigger: 'test', jobs: both }, ports)
    const worker = async () => {
      for (let next = ports.sent.shift(); next; next = ports.sent.shift()) {
        await work(RunMessage.parse(next.message), { jobs: both, ports })
      }
    }
    while (ports.sent.length > 0) await Promise.all([worker(), worker()])
    expect(await rowsOf(goldTables, ports)).toEqual(await rowsOf(goldTables, alone))
  })
})

test('the lake of a worker that dies at any one operation is as if nothing had been', {
  timeout: 120_000,
}, async () => {
  const shop = await stationer()
  await runJob('lake', shop)
  await drop(shop, 'orders/second.csv', [orders, ...more])
  const undisturbed = shop.copy()
  const counted = faultyPorts(undisturbed, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'dead' })
  await runOnce(undisturbed, counted.ports)
  const left = await rowsOf([...goldTables, silverOrderLines], undisturbed)
  // One operation in so many is struck; which ones shifts between effect and answer.
  const stride = Math.ceil(counted.operations() / 4)
  for (const [loses, first] of [
    ['effect', 3],
    ['answer', 3 + Math.floor(stride / 2)],
  ] as const) {
    for (let at = first; at <= counted.operations(); at += stride) {
      const struck = shop.copy()
      await expect(runOnce(struck, faultyPorts(struck, { at, loses, worker: 'dead' }).ports)).rejects.toThrow(
        WorkerStruck,
      )
      for (let minute = 0; minute < 3; minute++) {
        await runOnce(struck, struck)
        struck.advance(121_000)
        await sweep({ silentAfterMs: 120_000 }, struck)
      }
      expect(await rowsOf([...goldTables, silverOrderLines], struck), `struck at operation ${at}`).toEqual(left)
    }
  }
})

async function runOnce({ sent }: MemoryPorts, ports: Ports): Promise<void> {
  await startRun('lake', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
  for (let next = sent.shift(); next; next = sent.shift()) await work(RunMessage.parse(next.message), { jobs, ports })
}

test('what went live is kept: lists, neighbours, rules and the certificate of each generation', async () => {
  const { ports } = await fittedShop()
  const first = { columns: 'user_id, item_id, rank, generation' }
  const lists = await tableRows(goldUserTopn, ports, first)
  expect(lists.filter(({ rank }) => rank === 1)).toHaveLength(12)
  expect(lists).toContainEqual({ user_id: 'u0', item_id: 'i0', rank: 1, generation: 1 })
  expect((await tableRows(goldItemSim, ports)).length).toBeGreaterThan(0)
  expect((await tableRows(goldAssocRules, ports)).every(({ confidence }) => Number(confidence) > 0)).toBe(true)
  const metrics = await tableRows(goldModelMetrics, ports, { columns: 'metric, value, generation' })
  expect(metrics).toContainEqual({ metric: 'mode', value: 1, generation: 1 })
  await runJob('refresh', ports)
  const generations = await tableRows(goldModelMetrics, ports, { columns: 'distinct generation' })
  expect(generations.map(({ generation }) => generation).sort()).toEqual([1, 2])
})
