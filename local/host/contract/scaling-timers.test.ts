import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Azurite, startAzurite } from '../../azurite/azurite.ts'
import { contract } from '../../contract.ts'
import { parseStorageConnection, storageRequest } from '../storage/storage-account.ts'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'

const rule = contract({
  timer: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-timer',
  manual: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-manually-run-non-http',
})

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.close())

const start = (schedule: string, hostid: string, timers = { leadMs: 2_000, stayMs: 3_000 }) =>
  startTestApp(
    {
      AzureWebJobsStorage: azurite.connectionString,
      TICK_SCHEDULE: schedule,
      AzureFunctionsWebHost__hostid: hostid,
      WORK_QUEUE: 'unused',
      'AzureWebJobs.work.Disabled': 'true',
    },
    { scale: { toZero: true, pollMs: 100, quietMs: 400, timers } },
  )
/** Every day at the given time. */
const daily = (at: Date) => `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`
const hasListened = (host: TestAppHost) =>
  host.events.some(event => event.type === 'listening' && event.group === 'tick')
const isAtZero = (host: TestAppHost) => hasListened(host) && host.pidsOf('tick').length === 0

describe('a timer function', () => {
  rule('manual', 'is started for a run by hand where it has no instance, and goes again', async () => {
    const host = await start(daily(new Date(Date.now() + 6 * 3_600_000)), 'by-hand')
    await host.until(() => isAtZero(host), 30_000)
    expect(await host.records('tick')).toEqual([])
    const response = await fetch(`${host.url}/admin/functions/tick`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-functions-key': host.masterKey },
      body: '{}',
    })
    expect(response.status).toBe(202)
    await host.until(async () => (await host.records('tick-done')).length === 1)
    await host.until(() => isAtZero(host))
    await host.drain()
  })
  rule(
    'timer',
    'is up in time for its occurrence, and has no instance long before and behind it',
    async () => {
      let tick: Tick | undefined
      // A busy machine takes longer to start a process than the first tries allow for.
      for (const inMs of [6_000, 24_000, 60_000]) tick ??= await tickAfterZero(inMs)
      expect(tick?.timer.isPastDue).toBe(false)
    },
    150_000,
  )
  rule(
    'timer',
    'that was missed while nothing ran is caught up at the start of the host',
    async () => {
      const missed = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000)
      const lastUpdated = new Date(missed.getTime() - 3_600_000).toISOString()
      const status = { Last: '0001-01-01T00:00:00', Next: missed.toISOString(), LastUpdated: lastUpdated }
      const answer = await storageRequest(parseStorageConnection(azurite.connectionString, 'test'), {
        service: 'blob',
        method: 'PUT',
        path: 'azure-webjobs-hosts/timers/missed/Host.Functions.tick/status',
        headers: { 'x-ms-blob-type': 'BlockBlob' },
        body: JSON.stringify(status),
      })
      expect(answer.status).toBe(201)
      const host = await start(daily(missed), 'missed')
      await host.until(async () => (await host.records('tick-done')).length === 1, 30_000)
      expect((await host.records<Tick>('tick'))[0]?.timer.isPastDue).toBe(true)
      await host.until(() => isAtZero(host), 30_000)
      await host.drain()
    },
    90_000,
  )
})

interface Tick {
  timer: { isPastDue: boolean }
}

/** Runs a timer due so long from now; undefined when its first process was not gone before, or its second was late. */
async function tickAfterZero(inMs: number): Promise<(Tick & { at: number }) | undefined> {
  const due = Math.ceil((Date.now() + inMs) / 1000) * 1000
  const host = await start(daily(new Date(due)), `in-${inMs}`, { leadMs: inMs / 3, stayMs: inMs / 2 })
  const ran = async () => (await host.records('tick-done')).length === 1
  await host.until(async () => isAtZero(host) || (await ran()), inMs + 30_000)
  const wentInTime = !(await ran())
  await host.until(ran, inMs + 30_000)
  const [tick] = await host.records<Tick>('tick')
  expect(tick?.at).toBeGreaterThanOrEqual(due)
  await host.until(() => isAtZero(host), 30_000)
  await host.drain()
  return wentInTime && tick?.timer.isPastDue === false ? tick : undefined
}
