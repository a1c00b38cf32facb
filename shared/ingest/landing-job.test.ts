import { describe, expect, test } from 'vitest'
import { interceptedPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { drop, runJob } from '../../tests/memory-shop.ts'
import { logOf } from '../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { runLogPath } from '../runs/run-log.ts'
import type { StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { landingJob } from './landing-job.ts'
import { readManifest } from './landing-manifest.ts'

const products = 'products/all.csv'
const header = 'item_id,name,category,price'
const land = async (ports: MemoryPorts) => {
  const run = await runJob('landing', ports)
  expect(run.status).toBe('completed')
  const { duration_ms: _, request_units: __, ...metrics } = run.stages[0]?.metrics ?? {}
  return { runId: run.run_id, metrics }
}
const itemOf = async (id: string, { documents }: Ports) =>
  (await documents.read(collections.items, { id, partition: id }))?.document
const linesOf = async (path: string, { blobs }: Ports) =>
  new TextDecoder()
    .decode(await blobs.read(path))
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))

describe('landed files', () => {
  test('of products, customers and orders become items, customers and bronze order lines', async () => {
    const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
    await drop(ports, products, [`${header},in_stock`, 'pen,A pen,Office,1.5,no'])
    await drop(ports, 'customers-2026.csv', ['customer_id,country', 'anna,France'])
    await drop(ports, 'orders/7.csv', [
      'order_id,customer_id,timestamp,product_id,qty,price',
      'o1,anna,2025-12-01 10:00,pen,2,1.5',
    ])
    expect((await land(ports)).metrics).toEqual({ files: 3, rows: 3, stored: 3, unchanged: 0, rejected: 0 })
    expect(await itemOf('pen', ports)).toMatchObject({ name: 'A pen', category: 'Office', price: 1.5, in_stock: false })
    const anna = await ports.documents.read(collections.customers, { id: 'customer', partition: 'anna' })
    expect(anna?.document).toMatchObject({ user_id: 'anna', country: 'France' })
    expect(await linesOf('bronze/orders/landing/orders/7.csv/part-1.ndjson', ports)).toEqual([
      {
        ...{ _source: 'landing/orders/7.csv', _row: 2, _batch_id: 'landing/orders/7.csv#1' },
        ...{ _ingested_at: '2026-01-01T00:00:00.000Z', _row_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        order: {
          ...{ order_id: 'o1', user_id: 'anna', ordered_at: '2025-12-01T10:00:00.000Z', item_id: 'pen' },
          ...{ quantity: 2, unit_price: 1.5 },
        },
      },
    ])
  })

  test('of an unknown kind are left alone and noted', async () => {
    const ports = memoryPorts()
    await drop(ports, 'readme.txt', ['hello'])
    await drop(ports, 'stock/all.csv', [header])
    const run = await runJob('landing', ports)
    expect(run).toMatchObject({ status: 'completed', stages: [{ chunks: 0 }] })
    const ignored = 'not a CSV file in landing/products/, landing/customers/, landing/orders/'
    const log = new TextDecoder().decode(await ports.blobs.read(runLogPath(run.run_id)))
    expect(
      log
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'landing/readme.txt', ignored }),
        expect.objectContaining({ file: 'landing/stock/all.csv', ignored }),
      ]),
    )
  })

  test('that are gone before they are read are noted', async () => {
    const ports = memoryPorts()
    const notes: unknown[] = []
    const context = { ports, progress: async () => undefined, note: (record: unknown) => void notes.push(record) }
    const chunk = { path: 'landing/products/gone.csv', etag: 'v1', kind: 'products' }
    const [files] = landingJob.stages
    const of: StageContext = { ...context, runId: 'landing-1', token: 1, createdAt: '2026-01-01T00:00:00.000Z' }
    expect(await files?.run(chunk, of)).toEqual({ files: 0 })
    expect(notes).toEqual([{ file: 'landing/products/gone.csv', ignored: 'removed before it was read' }])
  })
})

describe('a file with broken rows', () => {
  test('loads the rest, lists row, column, value and reason in the log, and keeps the rows in quarantine', async () => {
    const ports = memoryPorts()
    await drop(ports, products, [
      header,
      'pen,A pen,Office,1',
      'cup,A cup,Kitchen,cheap',
      'a#b,Odd,Other,2',
      'tea,Tea,Kitchen,3',
    ])
    const { runId, metrics } = await land(ports)
    expect(metrics).toEqual({ files: 1, rows: 4, stored: 2, unchanged: 0, rejected: 2 })
    const told = (await logOf(runId, ports)).map(line => line.rejected_row).filter(Boolean)
    expect(told).toEqual([
      { row: 3, column: 'price', value: 'cheap', reason: 'must be a number' },
      { row: 4, column: 'item_id', value: 'a#b', reason: expect.stringContaining('without /') },
    ])
    const kept = await linesOf('quarantine/landing/products/all.csv/part-1.ndjson', ports)
    expect(kept[0]).toMatchObject({
      row: 3,
      raw: { item_id: 'cup', name: 'A cup', category: 'Kitchen', price: 'cheap' },
    })
  })

  test('whose header lacks a column is refused, says which, and is not tried again until it changes', async () => {
    const ports = memoryPorts()
    await drop(ports, products, ['item_id,name', 'pen,A pen'])
    const { runId, metrics } = await land(ports)
    expect(metrics).toEqual({ files: 1, files_refused: 1 })
    const refused = 'The header lacks the column price: it has item_id, name'
    expect(await logOf(runId, ports)).toEqual(expect.arrayContaining([expect.objectContaining({ refused })]))
    expect(await readManifest(`landing/${products}`, ports.blobs)).toMatchObject({ status: 'refused', reason: refused })
    expect((await land(ports)).metrics).toEqual({})
    await drop(ports, products, [header, 'pen,A pen,Office,1'])
    expect((await land(ports)).metrics).toMatchObject({ stored: 1 })
  })
})

describe('a file that comes again', () => {
  test('unchanged is skipped; changed is taken in, and only changed rows are written', async () => {
    const ports = memoryPorts()
    await drop(ports, products, [header, 'pen,A pen,Office,1', 'cup,A cup,Kitchen,2'])
    await land(ports)
    expect((await land(ports)).metrics).toEqual({})
    await drop(ports, products, [header, 'pen,A pen,Office,1', 'cup,A cup,Kitchen,9', 'cup,A cup,Kitchen,3'])
    // Of two rows of one product the last counts.
    expect((await land(ports)).metrics).toEqual({ files: 1, rows: 3, stored: 1, unchanged: 2, rejected: 0 })
    expect((await itemOf('cup', ports))?.price).toBe(3)
  })

  test('that grew shorter leaves no order line behind that it no longer has', async () => {
    const ports = memoryPorts()
    const orders = (count: number) =>
      drop(ports, 'orders/all.csv', [
        'order_id,customer_id,ordered_at,item_id,quantity,unit_price',
        ...Array.from({ length: count }, (_, line) => `o${line},anna,2025-12-01T10:00:00Z,pen,1,1.5`),
      ])
    const stored = async () => {
      let lines = 0
      for await (const { path } of ports.blobs.list('bronze/orders/')) lines += (await linesOf(path, ports)).length
      return lines
    }
    await orders(20_001)
    await land(ports)
    expect(await stored()).toBe(20_001)
    await orders(2)
    await land(ports)
    expect(await stored()).toBe(2)
  })

  test('after its worker died in the second part goes on there, and every row is counted once', async () => {
    const ports = memoryPorts()
    // Parts hold 10,000 rows.
    const rows = Array.from({ length: 20_005 }, (_, row) => `o${row},anna,2025-12-01,pen,${row === 15_000 ? 0 : 1},1.5`)
    await drop(ports, 'orders/all.csv', ['order_id,user_id,ordered_at,item_id,quantity,unit_price', ...rows])
    const writes: string[] = []
    const mortal = interceptedPorts(ports, async (operation, name) => {
      if (name === 'blobs.write') writes.push(name)
      // Part, manifest; then the quarantine of part 2, and its rows.
      if (writes.length === 4) throw new WorkerStruck('out of memory')
      return operation()
    })
    const { sent } = ports
    await expect(runJob('landing', { ...ports, ...mortal, sent })).rejects.toThrow('out of memory')
    expect(await readManifest('landing/orders/all.csv', ports.blobs)).toMatchObject({ parts: 1, status: 'in_progress' })

    const resumed = interceptedPorts(ports, (operation, name) => {
      if (name === 'blobs.write') writes.push(name)
      return operation()
    })
    writes.length = 0
    ports.advance(60_000)
    await ports.documents.upsert(collections.leases, {
      ...{ id: 'lease', run_id: 'lease-landing', token: 5, taken_at: '2026-01-01T00:00:00.000Z' },
    })
    expect(await runJob('landing', { ...ports, ...resumed, sent })).toMatchObject({ status: 'completed' })
    // Quarantine, part and manifest of part 2; part and manifest of part 3; the manifest at the end.
    expect(writes).toHaveLength(6)
    expect(await readManifest('landing/orders/all.csv', ports.blobs)).toMatchObject({
      ...{ status: 'completed', parts: 3, rows: 20_005, stored: 20_004, unchanged: 0, rejected: 1 },
    })
    const part = (number: number) => linesOf(`bronze/orders/landing/orders/all.csv/part-${number}.ndjson`, ports)
    expect([(await part(1)).length, (await part(2)).length, (await part(3)).length]).toEqual([10_000, 9_999, 5])
    expect((await part(3))[0]).toMatchObject({ _row: 20_002, order: { order_id: 'o20000' } })
  })
})
