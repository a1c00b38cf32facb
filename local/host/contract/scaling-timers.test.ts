import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'
import { startTestAzurite, type TestAzurite } from '../test-azurite.ts'

const rule = contract({
  flex: 'https://learn.microsoft.com/en-us/azure/azure-functions/flex-consumption-plan',
  timer: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-timer',
  manual: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-manually-run-non-http',
})

let azurite: TestAzurite
beforeAll(async () => {
  azurite = await startTestAzurite()
})
afterAll(() => azurite.stop())

const start = (schedule: string, hostid: string) =>
  startTestApp(
    {
      AzureWebJobsStorage: azurite.connectionString,
      TICK_SCHEDULE: schedule,
      AzureFunctionsWebHost__hostid: hostid,
      WORK_QUEUE: 'unused',
      'AzureWebJobs.work.Disabled': 'true',
    },
    { scale: { toZero: true, pollMs: 100, quietMs: 400, timers: { leadMs: 2_000, stayMs: 3_000 } } },
  )
/** Every day at the given time. */
const daily = (at: Date) => `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`
const hasListened = (host: TestAppHost) =>
  host.events.some(event => event.type === 'listening' && event.group === 'tick')
const isAtZero = (host: TestAppHost) => hasListened(host) && host.pidsOf('tick').length === 0

describe('a timer function', () => {
  rule('manual', 'is started for a run by hand where it has no instance, and goes again', async () => {
    const host = await start(daily(new Date(Date.now() + 6 * 3_600_000)), 'by-hand')
    await host.until(() => isAtZero(host))
    expect(await host.records('tick')).toEqual([])
    const response = await fetch(`${host.url}/admin/functions/tick`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(202)
    await host.until(async () => (await host.records('tick-done')).length === 1)
    await host.until(() => isAtZero(host))
    await host.drain()
  })
  rule('timer', 'is up in time for its occurrence, and has no instance long before and behind it', async () => {
    const due = new Date(Math.ceil(Date.now() / 1000) * 1000 + 7_000)
    const host = await start(daily(due), 'in-time')
    await host.until(() => isAtZero(host))
    expect(Date.now()).toBeLessThan(due.getTime() - 2_000)
    await host.until(async () => (await host.records('tick')).length === 1)
    const [tick] = await host.records<{ timer: { isPastDue: boolean } }>('tick')
    expect(tick?.timer.isPastDue).toBe(false)
    expect((tick?.at ?? 0) - due.getTime()).toBeLessThan(500)
    expect(tick?.at).toBeGreaterThanOrEqual(due.getTime())
    await host.until(() => isAtZero(host))
    await host.drain()
  })
  rule('flex', 'that is missed while nothing ran is caught up at the start of the host', async () => {
    const due = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5_000)
    const before = await start(daily(due), 'missed')
    await before.until(() => hasListened(before))
    await before.drain()
    await before.until(() => Date.now() > due.getTime() + 100)
    const host = await start(daily(due), 'missed')
    await host.until(async () => (await host.records('tick-done')).length === 1)
    const [tick] = await host.records<{ timer: { isPastDue: boolean } }>('tick')
    expect(tick?.timer.isPastDue).toBe(true)
    await host.until(() => isAtZero(host))
    await host.drain()
  })
})
