import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StorageQueue, storageQueue } from './queues/storage-queue.ts'
import { parseStorageConnection, type StorageAccount, storageRequest } from './storage/storage-account.ts'
import { startTestApp, type TestAppHost } from './test-app-host.ts'
import { startTestAzurite, type TestAzurite } from './test-azurite.ts'

let azurite: TestAzurite
let account: StorageAccount
let host: TestAppHost
let work: StorageQueue
let poison: StorageQueue
beforeAll(async () => {
  azurite = await startTestAzurite()
  account = parseStorageConnection(azurite.connectionString, 'test')
  work = storageQueue(account, 'work')
  poison = storageQueue(account, 'work-poison')
  host = await startTestApp(settings({ TICK_SCHEDULE: '0 0 0 1 1 *' }), { queueVisibilityMs: 2_000 })
})
afterAll(async () => {
  await host.drain()
  await azurite.stop()
})
const settings = (more: Record<string, string>) => ({
  AzureWebJobsStorage: azurite.connectionString,
  WORK_QUEUE: 'Work',
  ...more,
})
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
interface Work {
  message: { n: number }
  metadata: Record<string, unknown>
}
const runsOf = async (n: number) => (await host.records<Work>('work')).filter(({ message }) => message.n === n)
const doneOf = async (n: number) => (await host.records<Work>('work-done')).filter(({ message }) => message.n === n)
const messagesIn = async (queue: StorageQueue) => {
  const request = { service: 'queue', method: 'GET', path: queue.name, query: { comp: 'metadata' } } as const
  return Number((await storageRequest(account, request)).headers['x-ms-approximate-messages-count'] ?? 0)
}

describe('queue functions', () => {
  test('receive JSON parsed, with the metadata of Azure, and their message is deleted', async () => {
    await work.send(base64({ n: 1, text: '<&>"é\r\n' }))
    await host.until(async () => (await messagesIn(work)) === 0 && (await doneOf(1)).length > 0)
    const [run] = await runsOf(1)
    expect(run?.message).toEqual({ n: 1, text: '<&>"é\r\n' })
    expect(run?.metadata).toMatchObject({
      queueTrigger: { n: 1 },
      dequeueCount: 1,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      popReceipt: expect.any(String),
      insertionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
      nextVisibleTime: expect.any(String),
      expirationTime: expect.any(String),
    })
  })
  test('get a failed message again at once, and behind maxDequeueCount it lies in the poison queue', async () => {
    await work.send(base64({ n: 2, fail: true }))
    await host.until(async () => (await messagesIn(poison)) === 1)
    expect((await runsOf(2)).map(({ metadata }) => metadata.dequeueCount)).toEqual([1, 2, 3])
    const [message] = await poison.receive(1, 60_000)
    expect(message?.text).toBe(base64({ n: 2, fail: true }))
    expect(await messagesIn(work)).toBe(0)
  })
  test('never see a message that is not base64: it goes to the poison queue', async () => {
    await work.send('not base64!')
    await host.until(async () => (await poison.receive(1, 60_000)).some(({ text }) => text === 'not base64!'))
  })
  test('keep a message hidden while they run longer than its visibility', async () => {
    await work.send(base64({ n: 3, waitMs: 3_200 }))
    await host.until(async () => (await doneOf(3)).length === 1)
    await host.until(async () => (await messagesIn(work)) === 0)
    expect(await runsOf(3)).toHaveLength(1)
  })
  test('run at most batchSize messages at a time when newBatchThreshold is 0', async () => {
    for (let index = 0; index < 6; index++) await work.send(base64({ n: 4, waitMs: 300 }))
    await host.until(async () => (await doneOf(4)).length === 6)
    const started = (await runsOf(4)).map(({ at }) => at)
    const done = (await doneOf(4)).map(({ at }) => at)
    const running = started.map(
      at => started.filter(other => other <= at).length - done.filter(other => other < at).length,
    )
    expect(Math.max(...running)).toBeLessThanOrEqual(4)
  })
  test('get a message again when their worker is killed in the middle of it', async () => {
    await work.send(base64({ n: 5, waitMs: 1_000 }))
    await host.until(async () => (await runsOf(5)).length === 1)
    const before = host.pidOf('work')
    process.kill(before, 'SIGKILL')
    await host.until(async () => (await doneOf(5)).length === 1)
    const runs = await runsOf(5)
    expect(runs.map(({ metadata }) => metadata.dequeueCount)).toEqual([1, 2])
    expect(runs[0]?.pid).toBe(before)
    expect(runs[1]?.pid).toBe(host.pidOf('work'))
  })
})

describe('timer functions', () => {
  interface Tick {
    timer: { isPastDue: boolean; scheduleStatus: { last: string; next: string; lastUpdated: string } }
  }
  test('keep their status in a blob and start by hand through the host', async () => {
    const path = 'azure-webjobs-hosts/timers/host-test-app/Host.Functions.tick/status'
    const status = async () =>
      JSON.parse((await storageRequest(account, { service: 'blob', method: 'GET', path })).body)
    expect(await status()).toMatchObject({
      Last: '0001-01-01T00:00:00',
      Next: expect.stringMatching(/-01-01T00:00:00.000Z$/),
    })
    const headers = { 'x-functions-key': host.masterKey, 'content-type': 'application/json' }
    const response = await fetch(`${host.url}/admin/functions/tick`, { method: 'POST', headers, body: '{}' })
    expect(response.status).toBe(202)
    await host.until(async () => (await host.records('tick-done')).length === 1)
    const [tick] = await host.records<Tick>('tick')
    expect(tick?.timer).toMatchObject({
      isPastDue: false,
      scheduleStatus: { next: expect.stringMatching(/-01-01T00:00/) },
    })
    expect((await status()).Last).toBe('0001-01-01T00:00:00')
  })
  test('run on their schedule, and an occurrence missed while the host was down is caught up as past due', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'host-timer-'))
    const missed = new Date(Date.now() - 3_600_000)
    const status = {
      Last: '0001-01-01T00:00:00',
      Next: missed.toISOString(),
      LastUpdated: new Date(missed.getTime() - 3_600_000).toISOString(),
    }
    const body = JSON.stringify(status)
    const path = 'azure-webjobs-hosts/timers/past/Host.Functions.tick/status'
    await storageRequest(account, {
      service: 'blob',
      method: 'PUT',
      path,
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body,
    })
    const hour = {
      TICK_SCHEDULE: '01:00:00',
      AzureFunctionsWebHost__hostid: 'past',
      'AzureWebJobs.work.Disabled': 'true',
    }
    const late = await startTestApp(settings(hour), { stateDir })
    await late.until(async () => (await late.records('tick-done')).length === 1)
    expect((await late.records<Tick>('tick'))[0]?.timer).toMatchObject({
      isPastDue: true,
      scheduleStatus: { next: status.Next },
    })
    await late.drain()
    const often = { ...hour, TICK_SCHEDULE: '* * * * * *', AzureFunctionsWebHost__hostid: 'often' }
    const soon = await startTestApp(settings(often), { stateDir })
    await soon.until(async () => (await soon.records('tick')).length >= 3)
    const [, ...ticks] = await soon.records<Tick>('tick')
    expect(ticks.every(({ at }) => at % 1000 < 500)).toBe(true)
    await soon.drain()
    await rm(stateDir, { recursive: true, force: true })
  })
})
