import { describe, expect, test } from 'vitest'
import { nullableField, numbers, ordersIn, putOrders, tryOut, unread } from '../../../tests/delta-table.ts'
import { faultyPorts, WorkerStruck } from '../../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { commit } from './commit.ts'
import { checkpointPath, commitPath } from './log-paths.ts'
import { readSnapshot } from './snapshot.ts'
import { schemaString } from './table-schema.ts'

const application = { appId: 'orders of the till', version: 1 }

/** A table with ten versions: the next commit also writes a checkpoint. */
async function tenVersions(): Promise<MemoryPorts> {
  const ports = memoryPorts()
  for (const id of numbers(0, 9)) await putOrders([id], ports)
  return ports
}

/** Puts order 10 unless the table says that this was done. */
async function putOnce(ports: MemoryPorts): Promise<void> {
  const before = await readSnapshot(tryOut.path, ports)
  if (before?.transactions.get(application.appId) === application.version) return
  await putOrders([10], ports, { application })
}

/** How many operations on the store a commit with its checkpoint takes. */
async function operationsOfCommit(table: MemoryPorts): Promise<number> {
  const own = table.copy()
  const counting = faultyPorts(own, { at: 0, loses: 'effect', worker: 'alive' })
  await putOnce({ ...own, ...counting.ports })
  return counting.operations()
}

describe.each(['effect', 'answer'] as const)('a writer that is struck at any operation and loses its %s', loses => {
  test.each(['dead', 'alive'] as const)(
    'leaves the version before or the next, and its repetition leaves exactly one more (%s)',
    async worker => {
      const table = await tenVersions()
      const operations = await operationsOfCommit(table)
      expect(operations).toBeGreaterThan(5)
      for (const at of numbers(1, operations)) {
        const ports = table.copy()
        await putOnce({ ...ports, ...faultyPorts(ports, { at, loses, worker }).ports }).catch(cause => {
          expect(cause).toBeInstanceOf(WorkerStruck)
        })
        const found = await ordersIn(unread(ports))
        expect([numbers(0, 9), numbers(0, 10)]).toContainEqual(found)
        await putOnce(unread(ports))
        expect(await ordersIn(unread(ports))).toEqual(numbers(0, 10))
        expect((await readSnapshot(tryOut.path, unread(ports)))?.version).toBe(10)
      }
    },
  )
})

test('a put that the store had done but did not answer, and its sender repeated, is neither lost nor doubled', async () => {
  const ports = memoryPorts()
  await putOrders([1], ports)
  let lostAnswers = 0
  const create = async (path: string, bytes: Uint8Array) => {
    await ports.blobs.create(path, bytes)
    lostAnswers += 1
    return ports.blobs.create(path, bytes)
  }
  const { version } = await putOrders([2], { ...ports, blobs: { ...ports.blobs, create } })
  expect({ version, lostAnswers }).toEqual({ version: 1, lostAnswers: 1 })
  expect(await ordersIn(unread(ports))).toEqual([1, 2])
})

test('a commit stands when its checkpoint cannot be written', async () => {
  const ports = await tenVersions()
  const storeFile = async (path: string, file: string) => {
    if (path.endsWith('.checkpoint.parquet')) throw new Error('no room')
    await ports.blobs.storeFile(path, file)
  }
  expect(await putOrders([10], { ...ports, blobs: { ...ports.blobs, storeFile } })).toMatchObject({ version: 10 })
  expect(await ordersIn(unread(ports))).toEqual(numbers(0, 10))
  for (const id of numbers(11, 20)) await putOrders([id], ports)
  expect(await ports.blobs.read(checkpointPath(tryOut.path, 20))).toBeDefined()
})

test('appends go on beside a writer that adds a column; who takes columns for what they are not is told', async () => {
  const ports = memoryPorts()
  await putOrders([1], ports)
  const before = await readSnapshot(tryOut.path, ports)
  if (!before) throw new Error('there is no table')
  const widened = schemaString([...tryOut.fields, nullableField('channel', 'string')])
  const other = schemaString([...tryOut.fields, nullableField('channel', 'long')])
  const widen = (schema: string) =>
    commit(
      tryOut.path,
      before,
      { operation: 'ADD COLUMNS', metadata: { ...before.metadata, schemaString: schema }, reads: 'nothing' },
      ports,
    )
  expect(await widen(widened)).toBe(1)
  expect(await commit(tryOut.path, before, { operation: 'WRITE', reads: 'nothing' }, ports)).toBe(2)
  expect(await widen(widened)).toBe(3)
  await expect(widen(other)).rejects.toThrow('another writer changed its columns meanwhile')
})

test('a commit says what it did: operation, writer, the version it was decided by', async () => {
  const ports = memoryPorts()
  await putOrders([1], ports)
  await putOrders([2], ports)
  const text = new TextDecoder().decode(await ports.blobs.read(commitPath(tryOut.path, 1)))
  expect(JSON.parse(text.split('\n')[0] ?? '').commitInfo).toMatchObject({
    ...{ operation: 'WRITE', readVersion: 0, isBlindAppend: true, engineInfo: 'Sidecart' },
    operationParameters: { mode: 'Append', partitionBy: '["month"]' },
  })
})
