import { join } from 'node:path'
import { expect, test } from 'vitest'
import { numbers, ordersIn, putOrders, tryOut, unread } from '../../../tests/delta-table.ts'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { LogCleanedError } from './commits.ts'
import { checkpointPath, commitPath, dataPath, lastCheckpointPath, logFolder } from './log-paths.ts'
import { readLog } from './read-log.ts'
import { changesSince, readSnapshot } from './snapshot.ts'

const dayMs = 86_400_000
const { path } = tryOut

async function tableOf(versions: number, ports = memoryPorts(), betweenMs = 0): Promise<MemoryPorts> {
  for (const id of numbers(0, versions - 1)) {
    await putOrders([id], ports)
    ports.advance(betweenMs)
  }
  return ports
}

/** Ports that note what is asked of the store. */
function watched(ports: MemoryPorts): { ports: MemoryPorts; asked: string[] } {
  const asked: string[] = []
  const around = async <T>(operation: () => Promise<T>, name: string) => {
    asked.push(name)
    return operation()
  }
  return { ports: { ...ports, ...interceptedPorts(ports, around) }, asked }
}

const logFiles = async (ports: MemoryPorts) =>
  (await Array.fromAsync(ports.blobs.list(logFolder(path)))).map(entry => entry.path.slice(logFolder(path).length))

test('a log is read from its last checkpoint, and nothing is listed', async () => {
  const { ports, asked } = watched(await tableOf(23))
  expect((await readSnapshot(path, ports))?.version).toBe(22)
  expect(asked.filter(name => name === 'blobs.list')).toEqual([])
  expect(asked.filter(name => name === 'blobs.localFile')).toHaveLength(1)
  expect(asked.length).toBeLessThan(12)
})

test('what was read before costs one question, whether there is a next version', async () => {
  const { ports, asked } = watched(await tableOf(23))
  await readSnapshot(path, ports)
  asked.length = 0
  expect((await readSnapshot(path, ports))?.version).toBe(22)
  expect(asked).toEqual(['blobs.read'])
})

test('a snapshot that was given out stays as it was when the table goes on', async () => {
  const ports = await tableOf(3)
  const before = await readSnapshot(path, ports)
  await putOrders([9], ports)
  expect((await readSnapshot(path, ports))?.files.size).toBe(4)
  expect(before?.files.size).toBe(3)
})

test('a log whose word of the last checkpoint is lost is read all the same', async () => {
  const ports = await tableOf(23)
  await ports.blobs.remove(lastCheckpointPath(path))
  for (const version of numbers(0, 5)) await ports.blobs.remove(commitPath(path, version))
  expect(await ordersIn(unread(ports))).toEqual(numbers(0, 22))
  expect(await ordersIn(unread(ports), { version: 12 })).toEqual(numbers(0, 12))
})

test('a log whose last checkpoint is gone is read from the one before', async () => {
  const ports = await tableOf(23)
  await ports.blobs.remove(checkpointPath(path, 20))
  expect(await ordersIn(unread(ports))).toEqual(numbers(0, 22))
})

test('a checkpoint that another wrote in parts is read when all its parts are there', async () => {
  const ports = await tableOf(21)
  const whole = await ports.blobs.localFile(checkpointPath(path, 20))
  await using session = await ports.sql.open()
  for (const part of [1, 2]) {
    const file = join(session.folder, `part-${part}.parquet`)
    await session.run(
      `copy (select * exclude n from (select *, row_number() over () as n from '${whole}') where n % 2 = ${part % 2}) to '${file}'`,
    )
    await ports.blobs.storeFile(checkpointPath(path, 20, { part, parts: 2 }), file)
  }
  await ports.blobs.remove(checkpointPath(path, 20))
  for (const version of numbers(0, 19)) await ports.blobs.remove(commitPath(path, version))
  await ports.blobs.remove(checkpointPath(path, 10))
  await ports.blobs.write(lastCheckpointPath(path), Buffer.from('{"version":20,"size":23,"parts":2}'))
  expect(await ordersIn(unread(ports))).toEqual(numbers(0, 20))
  await ports.blobs.remove(lastCheckpointPath(path))
  expect(await ordersIn(unread(ports))).toEqual(numbers(0, 20))
  await ports.blobs.remove(checkpointPath(path, 20, { part: 2, parts: 2 }))
  await expect(ordersIn(unread(ports))).rejects.toThrow(LogCleanedError)
})

test('a checkpoint of the second specification is refused by name', async () => {
  const ports = await tableOf(2)
  await ports.blobs.write(lastCheckpointPath(path), Buffer.from('{"version":1,"size":3,"v2Checkpoint":{"path":"x"}}'))
  await expect(ordersIn(unread(ports))).rejects.toThrow(
    `Cannot read ${path} as its checkpoint 1 is of the second specification (v2Checkpoint)`,
  )
})

test('a data file outside of the table is refused by name', () => {
  expect(dataPath(path, 'month=a%2520b/part.parquet')).toBe(`${path}/month=a%20b/part.parquet`)
  expect(() => dataPath(path, 's3://elsewhere/part.parquet')).toThrow('Cannot read silver/try_out as a data file lies')
})

test('commits older than 30 days go with the next checkpoint, and what is left reads as before', async () => {
  const ports = await tableOf(51, memoryPorts(), dayMs)
  expect((await logFiles(ports))[0]).toBe('00000000000000000010.checkpoint.parquet')
  for (const version of [10, 11, 30, 50]) {
    expect(await ordersIn(unread(ports), { version })).toEqual(numbers(0, version))
  }
  await expect(ordersIn(unread(ports), { version: 9 })).rejects.toThrow(
    `Cannot read ${path} as of version 9: its log has been cleaned and begins at 10`,
  )
  await expect(changesSince(path, -1, ports)).rejects.toThrow(LogCleanedError)
  await expect(changesSince(path, 5, ports)).rejects.toThrow(LogCleanedError)
  expect(await changesSince(path, 50, ports)).toEqual([])
})

test('what vacuum needs no more leaves the checkpoint after a week', async () => {
  const ports = await tableOf(1)
  await putOrders([1], ports, { replace: 'all' })
  for (const id of numbers(2, 10)) await putOrders([id], ports)
  expect((await readLog(path, unread(ports)))?.state.tombstones.size).toBe(1)
  ports.advance(8 * dayMs)
  for (const id of numbers(11, 20)) await putOrders([id], ports)
  expect((await readLog(path, unread(ports)))?.state.tombstones.size).toBe(0)
})

test('a time finds the version that was the newest then, also when a clock went back', async () => {
  const ports = memoryPorts({ now: 1_000_000 })
  for (const [id, at] of [1_000_000, 1_000_500, 1_000_200, 1_000_900].entries()) {
    await putOrders([id], { ...ports, clock: () => at })
  }
  const versionAt = async (timestampMs: number) => (await readSnapshot(path, ports, { timestampMs }))?.version
  expect(await Promise.all([1_000_000, 1_000_499, 1_000_500, 1_000_501, 1_000_899, 9_000_000].map(versionAt))).toEqual([
    0, 0, 1, 2, 2, 3,
  ])
  await expect(versionAt(999_999)).rejects.toThrow(
    `Cannot read ${path} as of 1970-01-01T00:16:39.999Z: its version 0 is of 1970-01-01T00:16:40.000Z`,
  )
})

test('a table that is not there has no snapshot, no changes and no version at any time', async () => {
  const ports = memoryPorts()
  expect(await readSnapshot(path, ports)).toBeUndefined()
  expect(await readSnapshot(path, ports, { version: 0 })).toBeUndefined()
  expect(await readSnapshot(path, ports, { timestampMs: 5 })).toBeUndefined()
  expect(await changesSince(path, -1, ports)).toEqual([])
})
