import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../azurite/azurite.ts'
import { type StorageQueue, storageQueue } from './queues/storage-queue.ts'
import { parseStorageConnection, type StorageAccount, storageRequest } from './storage/storage-account.ts'
import { startTestApp, type TestAppHost, testAppDir } from './test-app-host.ts'

let azurite: Azurite
let account: StorageAccount
let host: TestAppHost
let work: StorageQueue
beforeAll(async () => {
  azurite = await startAzurite()
  account = parseStorageConnection(azurite.connectionString, 'test')
  work = storageQueue(account, 'work')
  host = await startTestApp(settings({ TICK_SCHEDULE: '0 0 0 1 1 *' }), { queueVisibilityMs: 2_000 })
})
afterAll(async () => {
  await host.drain()
  await azurite.close()
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
  test('keep a message hidden while they run longer than its visibility', async () => {
    await work.send(base64({ n: 3, waitMs: 3_200 }))
    await host.until(async () => (await doneOf(3)).length === 1)
    await host.until(async () => (await messagesIn(work)) === 0)
    expect(await runsOf(3)).toHaveLength(1)
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
  }, 60_000)
  test('run on one host of two, and on the other once that one has ended', async () => {
    const both = settings({
      TICK_SCHEDULE: '* * * * * *',
      AzureFunctionsWebHost__hostid: 'both',
      'AzureWebJobs.work.Disabled': 'true',
    })
    const [first, second] = [await startTestApp(both), await startTestApp(both)]
    const before = (await first.records('tick')).length
    await first.until(async () => (await first.records('tick')).length >= before + 3)
    expect(await second.records('tick')).toEqual([])
    const drained = first.drain()
    await second.until(async () => (await second.records('tick')).length >= 1)
    await drained
    await second.drain()
  }, 60_000)
  test('run on the other host when the first one is killed, as soon as its lock has run out', async () => {
    const one = settings({
      TICK_SCHEDULE: '* * * * * *',
      AzureFunctionsWebHost__hostid: 'killed',
      'AzureWebJobs.work.Disabled': 'true',
    })
    const stateDir = await mkdtemp(join(tmpdir(), 'host-timer-'))
    const options = { appDir: testAppDir, stateDir, port: 0, quiet: true }
    const script = `
      import { startHost } from ${JSON.stringify(new URL('./host.ts', import.meta.url).href)}
      await startHost(${JSON.stringify({ ...options, settings: { ...one, TEST_RECORDS: stateDir } })})
      process.stdout.write('up')`
    const first = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(first.stdout, 'data')
    const second = await startTestApp(one)
    first.kill('SIGKILL')
    const killedAt = Date.now()
    await second.until(async () => (await second.records('tick')).length >= 1, 30_000)
    const [tick] = await second.records('tick')
    expect((tick?.at ?? 0) - killedAt).toBeGreaterThan(5_000)
    await second.drain()
    await rm(stateDir, { recursive: true, force: true })
  }, 60_000)
})
