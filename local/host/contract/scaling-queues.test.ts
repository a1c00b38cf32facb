import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Azurite, startAzurite } from '../../azurite/azurite.ts'
import { contract } from '../../contract.ts'
import { type StorageQueue, storageQueue } from '../queues/storage-queue.ts'
import { parseStorageConnection } from '../storage/storage-account.ts'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'

const rule = contract({
  targets: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-target-based-scaling',
  flex: 'https://learn.microsoft.com/en-us/azure/azure-functions/flex-consumption-plan',
  queue: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-storage-queue-trigger',
})

let azurite: Azurite
let host: TestAppHost
let work: StorageQueue
beforeAll(async () => {
  azurite = await startAzurite()
  work = storageQueue(parseStorageConnection(azurite.connectionString, 'test'), 'work')
  host = await startTestApp(
    { AzureWebJobsStorage: azurite.connectionString, WORK_QUEUE: 'work', 'AzureWebJobs.tick.Disabled': 'true' },
    { queueVisibilityMs: 2_000, scale: { toZero: true, maxInstances: 2, pollMs: 100, quietMs: 600 } },
  )
})
afterAll(async () => {
  await host.drain()
  await azurite.close()
})

interface Work {
  message: { n: number }
}
const send = async (numbers: readonly number[], waitMs = 0) => {
  for (const n of numbers) await work.send(Buffer.from(JSON.stringify({ n, waitMs })).toString('base64'))
}
const runs = async (numbers: readonly number[]) =>
  (await host.records<Work>('work')).filter(({ message }) => numbers.includes(message.n))
const done = async (numbers: readonly number[]) =>
  (await host.records<Work>('work-done')).filter(({ message }) => numbers.includes(message.n))
const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)
const isAtZero = () => host.pidsOf('work').length === 0

describe('a queue function', () => {
  rule('flex', 'has no instance while its queue is empty, gets one by a message and loses it again', async () => {
    expect(host.pidsOf('work')).toEqual([])
    await send([1])
    await host.until(async () => (await done([1])).length === 1)
    expect(host.pidsOf('work')).toHaveLength(1)
    await host.until(isAtZero)
    await send([2])
    await host.until(async () => (await done([2])).length === 1)
    const [first, second] = await runs([1, 2])
    expect(second?.pid).not.toBe(first?.pid)
  })
  rule(
    'targets',
    'scales out to its maximum on a backlog; the instances share it, and each message runs once',
    async () => {
      await host.until(isAtZero)
      const numbers = from(10, 24)
      await send(numbers, 500)
      await host.until(async () => (await done(numbers)).length === numbers.length)
      const all = await runs(numbers)
      expect(all.map(({ message }) => message.n).sort((a, b) => a - b)).toEqual(numbers)
      expect(new Set(all.map(({ pid }) => pid)).size).toBe(2)
      await host.until(isAtZero)
    },
  )
  rule('flex', 'lets what runs finish when its instance is scaled in', async () => {
    await host.until(isAtZero)
    // The second instance starts later, so that it still works when the first is done and one is enough.
    const numbers = from(40, 8)
    await send(numbers, 1_800)
    await host.until(async () => (await done(numbers)).length === numbers.length)
    await host.until(isAtZero)
    expect(await runs(numbers)).toHaveLength(numbers.length)
    const [, second] = host.events.filter(({ type }) => type === 'exited')
    expect(second).toMatchObject({ reason: expect.stringContaining('exit code 0') })
  })
  rule('queue', 'gets its messages again when one of its instances is killed, and another replaces that', async () => {
    const numbers = from(60, 12)
    await send(numbers, 900)
    await host.until(async () => new Set((await runs(numbers)).map(({ pid }) => pid)).size === 2)
    const [killed = 0] = host.pidsOf('work')
    process.kill(killed, 'SIGKILL')
    await host.until(() => host.pidsOf('work').length === 2 && !host.pidsOf('work').includes(killed))
    await host.until(async () => new Set((await done(numbers)).map(({ message }) => message.n)).size === 12, 15_000)
    await host.until(isAtZero)
  })
})
