import { expect, test } from 'vitest'
import { numbers, ordersIn, putOrders, tryOut, unread } from '../../../tests/delta-table.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { commit } from './commit.ts'
import { readSnapshot } from './snapshot.ts'
import { vacuum } from './vacuum.ts'

const dayMs = 86_400_000
const dataFiles = async (ports: MemoryPorts) =>
  (await Array.fromAsync(ports.blobs.list(`${tryOut.path}/month`))).map(({ path }) => path)

test('vacuum() keeps what versions within the retention need, also when checkpoints have forgotten it', async () => {
  const ports = memoryPorts()
  for (const id of numbers(0, 30)) {
    await putOrders([id], ports, { replace: 'all' })
    ports.advance(dayMs)
  }
  const { files } = await vacuum(tryOut.path, { retentionHours: 20 * 24 }, unread(ports))
  expect(files).toHaveLength(11)
  expect(await dataFiles(ports)).toHaveLength(20)
  for (const version of numbers(11, 30)) expect(await ordersIn(unread(ports), { version })).toEqual([version])
  await expect(ordersIn(unread(ports), { version: 10 })).rejects.toThrow(
    'the log of silver/try_out names it and it is gone',
  )
})

test('vacuum() removes what a writer left that never came to commit it, once nobody can still be at it', async () => {
  const ports = memoryPorts()
  await putOrders([1], ports)
  const killed = { ...ports, blobs: { ...ports.blobs, create: () => Promise.reject(new Error('killed')) } }
  await expect(putOrders([2], killed)).rejects.toThrow('killed')
  expect(await dataFiles(ports)).toHaveLength(2)
  ports.advance(6 * dayMs)
  expect((await vacuum(tryOut.path, {}, ports)).files).toEqual([])
  ports.advance(2 * dayMs)
  expect((await vacuum(tryOut.path, { dryRun: true }, ports)).files).toHaveLength(1)
  expect(await dataFiles(ports)).toHaveLength(2)
  const { files, bytes } = await vacuum(tryOut.path, {}, ports)
  expect(files).toHaveLength(1)
  expect(bytes).toBeGreaterThan(0)
  expect(await ordersIn(unread(ports))).toEqual([1])
})

test('vacuum() below a week is refused unless it is forced, and then takes what is unused now', async () => {
  const ports = memoryPorts()
  await putOrders([1], ports)
  await putOrders([2], ports, { replace: 'all' })
  await expect(vacuum(tryOut.path, { retentionHours: 1 }, ports)).rejects.toThrow(
    'Cannot vacuum silver/try_out as retentionHours must be at least 168: current value is 1',
  )
  expect((await vacuum(tryOut.path, { retentionHours: 0, force: true }, ports)).files).toHaveLength(1)
  expect(await ordersIn(unread(ports))).toEqual([2])
})

test('vacuum() goes by the table’s own retention where it has one', async () => {
  const ports = memoryPorts()
  await putOrders([1], ports)
  const before = await readSnapshot(tryOut.path, ports)
  if (!before) throw new Error('there is no table')
  const configuration = { 'delta.deletedFileRetentionDuration': 'interval 2 weeks' }
  const change = { operation: 'SET TBLPROPERTIES', metadata: { ...before.metadata, configuration } }
  await commit(tryOut.path, before, { ...change, reads: 'nothing' }, ports)
  await putOrders([2], ports, { replace: 'all' })
  ports.advance(10 * dayMs)
  expect((await vacuum(tryOut.path, {}, ports)).files).toEqual([])
  ports.advance(5 * dayMs)
  expect((await vacuum(tryOut.path, {}, ports)).files).toHaveLength(1)
})
