import { describe, expect, test } from 'vitest'
import { numbers, ordersIn, putOrders, tryOut, unread } from '../../../tests/delta-table.ts'
import { faultyPorts, WorkerStruck } from '../../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { commits, LogCleanedError } from './commits.ts'
import { eraseRows } from './erase-rows.ts'
import { optimize } from './optimize.ts'
import { changesSince } from './snapshot.ts'
import { literal } from './table-schema.ts'

/** Orders 1 to 4 in two files, of which the one with order 2 was put together with another. */
async function planted(): Promise<MemoryPorts> {
  const ports = memoryPorts()
  await putOrders([1, 2], ports)
  await putOrders([3], ports)
  await using session = await ports.sql.open()
  await optimize(tryOut.path, { session }, ports)
  await putOrders([2, 4], ports)
  return ports
}

async function eraseOrder(id: number, ports: MemoryPorts) {
  await using session = await ports.sql.open()
  const rewritten = (rows: string) => `select * from (${rows}) where order_id <> ${id}`
  return await eraseRows(tryOut.path, { session, holds: `order_id = ${id}`, rewritten }, ports)
}

/** Data files of the store, of any version or none, that hold an order. */
async function filesWith(id: number, ports: MemoryPorts): Promise<string[]> {
  const found: string[] = []
  await using session = await ports.sql.open()
  for await (const { path } of ports.blobs.list(`${tryOut.path}/month`)) {
    const file = literal((await ports.blobs.localFile(path)) ?? '')
    if ((await session.rows(`select 1 from read_parquet(${file}) where order_id = ${id}`)).length > 0) found.push(path)
  }
  return found
}

test('rows that are erased are in no file any more, of no version; a repetition finds nothing', async () => {
  const ports = await planted()
  expect(await filesWith(2, ports)).toHaveLength(3)
  expect(await eraseOrder(2, ports)).toEqual({ rows: 2, files: 3 })
  expect(await filesWith(2, ports)).toEqual([])
  expect(await ordersIn(unread(ports))).toEqual([1, 3, 4])
  expect(await eraseOrder(2, ports)).toEqual({ rows: 0, files: 0 })
})

test('who follows the table finds no change in an erasure, and new files as they are after it', async () => {
  const ports = await planted()
  const { length } = await Array.fromAsync(commits(tryOut.path, { after: -1 }, ports))
  await eraseOrder(2, ports)
  const told = await changesSince(tryOut.path, length - 1, ports)
  expect(told.map(({ added, removed }) => [added.length, removed.length])).toEqual([[0, 0]])
  const [last] = await changesSince(tryOut.path, length - 2, ports)
  expect(last?.added.map(({ stats }) => JSON.parse(String(stats)).numRecords)).toEqual([1])
  // What came before the files were put together is gone as it was.
  await expect(changesSince(tryOut.path, -1, ports)).rejects.toThrow(LogCleanedError)
})

describe.each(['effect', 'answer'] as const)('an erasure that is struck at any operation and loses its %s', loses => {
  test('keeps all other rows, and its repetition leaves nothing', async () => {
    const table = await planted()
    const own = table.copy()
    const counting = faultyPorts(own, { at: 0, loses, worker: 'alive' })
    await eraseOrder(2, { ...own, ...counting.ports })
    expect(counting.operations()).toBeGreaterThan(8)
    for (const at of numbers(1, counting.operations())) {
      const ports = table.copy()
      await eraseOrder(2, { ...ports, ...faultyPorts(ports, { at, loses, worker: 'dead' }).ports }).catch(cause => {
        expect(cause).toBeInstanceOf(WorkerStruck)
      })
      await eraseOrder(2, unread(ports))
      expect(await ordersIn(unread(ports))).toEqual([1, 3, 4])
      expect(await filesWith(2, ports)).toEqual([])
    }
  })
})
