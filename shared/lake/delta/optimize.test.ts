import { expect, test } from 'vitest'
import { numbers, ordersIn, putOrders, tryOut, unread } from '../../../tests/delta-table.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { ConflictError } from './commit.ts'
import { optimize } from './optimize.ts'
import { type DeltaPorts, readSnapshot } from './snapshot.ts'

/** Ports whose first commit comes just after another writer did something. */
function overtaken(ports: MemoryPorts, other: () => Promise<unknown>): DeltaPorts {
  let hasHappened = false
  const create = async (path: string, bytes: Uint8Array) => {
    if (!hasHappened) {
      hasHappened = true
      await other()
    }
    return ports.blobs.create(path, bytes)
  }
  return { ...ports, blobs: { ...ports.blobs, create } }
}

async function threeOrders(): Promise<MemoryPorts> {
  const ports = memoryPorts()
  for (const id of numbers(1, 3)) await putOrders([id], ports)
  return ports
}

test('orders that come while files are put together are in the table with them', async () => {
  const ports = await threeOrders()
  await using session = await ports.sql.open()
  const late = overtaken(ports, () => putOrders([4], ports))
  expect(await optimize(tryOut.path, { session }, late)).toMatchObject({ version: 4, added: 1, removed: 3 })
  expect(await ordersIn(unread(ports))).toEqual([1, 2, 3, 4])
  expect((await readSnapshot(tryOut.path, ports))?.files.size).toBe(2)
})

test('files that another replaced meanwhile do not come back', async () => {
  const ports = await threeOrders()
  await using session = await ports.sql.open()
  const late = overtaken(ports, () => putOrders([9], ports, { replace: 'all' }))
  await expect(optimize(tryOut.path, { session }, late)).rejects.toThrow(ConflictError)
  expect(await ordersIn(unread(ports))).toEqual([9])
})

test('who replaces what was only put together meanwhile is told, as the files it knows are gone', async () => {
  const ports = await threeOrders()
  await using session = await ports.sql.open()
  const late = overtaken(ports, () => optimize(tryOut.path, { session }, ports))
  await expect(putOrders([9], late, { replace: 'all' })).rejects.toThrow(ConflictError)
  await putOrders([9], unread(ports), { replace: 'all' })
  expect(await ordersIn(unread(ports))).toEqual([9])
})

test('optimize() looks at the partitions that are asked for, and leaves a file alone that is the only small one', async () => {
  const ports = await threeOrders()
  await putOrders([4], ports, { month: '2026-02' })
  await putOrders([5], ports, { month: '2026-02' })
  await putOrders([6], ports, { month: '2026-03' })
  await using session = await ports.sql.open()
  const where = ({ month }: Record<string, string | null>) => month !== '2026-01'
  expect(await optimize(tryOut.path, { session, where }, ports)).toMatchObject({ added: 1, removed: 2 })
  expect((await readSnapshot(tryOut.path, ports))?.files.size).toBe(5)
  expect(await optimize('silver/never_made', { session }, ports)).toEqual({ version: undefined, added: 0, removed: 0 })
})
