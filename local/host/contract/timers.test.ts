import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type ListenersUnderTest, listenersUnderTest, until } from './listeners-under-test.ts'

const rule = contract({
  timer: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer',
  retries: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages',
  byHand: 'https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http',
  listener: 'Azure/azure-webjobs-sdk-extensions/src/WebJobs.Extensions/Extensions/Timers/Listener/TimerListener.cs',
  schedule: 'Azure/azure-webjobs-sdk-extensions/src/WebJobs.Extensions/Extensions/Timers/Scheduling/TimerSchedule.cs',
  monitor:
    'Azure/azure-webjobs-sdk-extensions/src/WebJobs.Extensions/Extensions/Timers/Scheduling/StorageScheduleMonitor.cs',
  binding:
    'Azure/azure-webjobs-sdk-extensions/src/WebJobs.Extensions/Extensions/Timers/Bindings/TimerTriggerBinding.cs',
  singleton: 'Azure/azure-webjobs-sdk/src/Microsoft.Azure.WebJobs.Host/Singleton/SingletonListener.cs',
  locks: 'Azure/azure-webjobs-sdk/src/Microsoft.Azure.WebJobs.Host/Singleton/SingletonManager.cs',
})

interface Run {
  begin: number
  end: number
  timer: { isPastDue: boolean; schedule: object; scheduleStatus: { last: string; next: string } | null }
  retry?: { retryCount: number; maxRetryCount: number; exception?: { message: string } }
}
let app: ListenersUnderTest
let startedAt: number
beforeAll(async () => {
  startedAt = Date.now()
  const functions = ['secondly', 'slow', 'yearly', 'unwatched', 'starting', 'failing', 'failingYearly']
  app = await listenersUnderTest(functions)
})
afterAll(() => app.stop())

const runs = (functionName: string) => app.records<Run>('timers', functionName)
const hosts = () => app.blobs.getContainerClient('azure-webjobs-hosts')
const thisYear = new Date().getUTCFullYear()
const newYear = Date.UTC(thisYear + 1, 0, 1)

/** At least so many runs that began behind an instant. */
async function runsSince(functionName: string, since: number, count: number): Promise<Run[]> {
  const later = async () => (await runs(functionName)).filter(({ begin }) => begin >= since)
  await until(async () => (await later()).length >= count, 25_000)
  return later()
}
async function blobNamed(folder: string, end: string) {
  for await (const { name } of hosts().listBlobsFlat({ prefix: `${folder}/` })) {
    if (name.endsWith(end)) return hosts().getBlockBlobClient(name)
  }
  throw new Error(`There is no blob ${folder}/.../${end}`)
}
const statusOf = async (functionName: string) => {
  const blob = await blobNamed('timers', `/Host.Functions.${functionName}/status`)
  return JSON.parse(String(await blob.downloadToBuffer())) as Record<'Last' | 'Next' | 'LastUpdated', string>
}

describe('a schedule', () => {
  rule(
    'timer',
    'of six fields begins with the seconds, in UTC: "* * * * * *" runs at every second',
    async () => {
      const isOnTime = (run: Run | undefined, second: number) =>
        run !== undefined && run.begin >= second * 1000 && run.begin < second * 1000 + 500
      await until(async () => {
        const found = await runs('secondly')
        return found.some(({ begin }, index) => {
          const second = Math.floor(begin / 1000)
          return [0, 1, 2].every(further => isOnTime(found[index + further], second + further))
        })
      }, 25_000)
    },
    30_000,
  )
  rule('listener', 'never runs its function twice at a time, however long it takes', async () => {
    const found = await runsSince('slow', startedAt, 3)
    for (const [index, { begin }] of found.entries()) expect(begin).toBeGreaterThanOrEqual(found[index - 1]?.end ?? 0)
  })
  rule(
    'listener',
    'runs its function at once behind a run that took longer than the next occurrence',
    async () => {
      await until(async () => {
        const found = await runs('slow')
        return found.some(({ begin, timer }, index) => {
          const before = found[index - 1]
          return before !== undefined && begin - before.end < 500 && !timer.isPastDue
        })
      }, 25_000)
    },
    30_000,
  )
  rule(
    'timer',
    'goes on when its function throws',
    async () => {
      const found = await runsSince('failing', startedAt, 4)
      expect(found.filter(({ retry }) => retry === undefined).length).toBeGreaterThanOrEqual(2)
    },
    30_000,
  )
})

describe('the argument of a timer function', () => {
  rule('timer', 'says that a run on time is not past due', async () => {
    const [first] = await runsSince('secondly', startedAt, 1)
    expect(first?.timer.isPastDue).toBe(false)
  })
  rule('schedule', 'has no scheduleStatus when the schedule is shorter than a minute', async () => {
    const [first] = await runsSince('secondly', startedAt, 1)
    expect(first?.timer.scheduleStatus).toBeFalsy()
  })
  rule('timer', 'has the scheduleStatus of a monitored schedule, whose next is the next occurrence', async () => {
    const since = Date.now()
    await app.startByHand('yearly', {})
    const [run] = await runsSince('yearly', since, 1)
    expect(new Date(run?.timer.scheduleStatus?.next ?? 0).getTime()).toBe(newYear)
  })
  rule('timer', 'has no scheduleStatus with useMonitor off', async () => {
    const since = Date.now()
    await app.startByHand('unwatched', {})
    const [run] = await runsSince('unwatched', since, 1)
    expect(run?.timer.scheduleStatus).toBeFalsy()
  })
  rule('timer', 'tells the schedule', async () => {
    const [first] = await runsSince('secondly', startedAt, 1)
    expect(first?.timer.schedule).toMatchObject({ adjustForDST: true })
  })
})

describe('the status of a timer', () => {
  rule('monitor', 'is a blob timers/HOST/Host.Functions.NAME/status, written before the first occurrence', async () => {
    const { Last, Next, LastUpdated } = await statusOf('yearly')
    expect(Last).toMatch(/^0001-01-01T00:00:00/)
    expect(new Date(Next).getTime()).toBe(newYear)
    expect(new Date(LastUpdated).getUTCFullYear()).toBe(thisYear)
  })
  rule('monitor', 'is not kept for a schedule shorter than a minute, nor with useMonitor off', async () => {
    await expect(statusOf('secondly')).rejects.toThrow('There is no blob')
    await expect(statusOf('unwatched')).rejects.toThrow('There is no blob')
  })
  rule('listener', 'moves on behind a run of the listener', async () => {
    const [run] = await runs('starting')
    await until(async () => (await statusOf('starting')).Last > '2')
    const { Last, Next, LastUpdated } = await statusOf('starting')
    expect(new Date(Last).getTime()).toBeLessThanOrEqual(run?.begin ?? 0)
    expect([LastUpdated, new Date(Next).getTime()]).toEqual([Last, newYear])
  })
})

describe('the lock of a timer', () => {
  rule('singleton', 'is a lease on the blob locks/HOST/Host.Functions.NAME.Listener', async () => {
    const blob = await blobNamed('locks', '/Host.Functions.secondly.Listener')
    const { leaseState, leaseStatus, leaseDuration } = await blob.getProperties()
    expect({ leaseState, leaseStatus, leaseDuration }).toEqual({
      leaseState: 'leased',
      leaseStatus: 'locked',
      leaseDuration: 'fixed',
    })
  })
  rule('singleton', 'is held by one alone', async () => {
    const blob = await blobNamed('locks', '/Host.Functions.yearly.Listener')
    await expect(blob.getBlobLeaseClient().acquireLease(15)).rejects.toMatchObject({ code: 'LeaseAlreadyPresent' })
  })
  rule(
    'locks',
    'is renewed for as long as the instance lives',
    async () => {
      const blob = await blobNamed('locks', '/Host.Functions.yearly.Listener')
      await until(() => Date.now() - startedAt > 20_000, 25_000)
      expect((await blob.getProperties()).leaseState).toBe('leased')
    },
    30_000,
  )
})

describe('runOnStartup', () => {
  rule('timer', 'runs the function when the host starts, not past due', async () => {
    const [run] = await runsSince('starting', 0, 1)
    expect(run?.timer.isPastDue).toBe(false)
  })
})

describe('a retry policy', () => {
  rule(
    'retries',
    'runs the function again up to maxRetryCount times and tells it how often',
    async () => {
      const found = await runsSince('failing', startedAt, 4)
      const first = found.findIndex(({ retry }) => retry === undefined)
      const [, ...retries] = found.slice(first, first + 3)
      expect(retries.map(({ retry }) => [retry?.retryCount, retry?.maxRetryCount])).toEqual([
        [1, 2],
        [2, 2],
      ])
      expect(retries[0]?.retry?.exception?.message).toContain('failed on purpose')
    },
    30_000,
  )
  rule(
    'retries',
    'waits for the delay between two attempts',
    async () => {
      const found = await runsSince('failing', startedAt, 3)
      const first = found.findIndex(({ retry }) => retry === undefined)
      const [begun, again] = found.slice(first, first + 2)
      expect((again?.begin ?? 0) - (begun?.end ?? 0)).toBeGreaterThanOrEqual(1_000)
    },
    30_000,
  )
})

describe('a start by hand', () => {
  rule('byHand', 'answers 202 and runs the function, whatever the input', async () => {
    const since = Date.now()
    expect((await app.startByHand('yearly', { input: 'anything' })).status).toBe(202)
    const [run] = await runsSince('yearly', since, 1)
    expect(run?.timer.isPastDue).toBe(false)
  })
  rule('binding', 'leaves the status of the timer alone', async () => {
    const [since, before] = [Date.now(), await statusOf('yearly')]
    await app.startByHand('yearly', {})
    await runsSince('yearly', since, 1)
    expect(await statusOf('yearly')).toEqual(before)
  })
  rule('byHand', 'that fails is not retried, whatever the policy', async () => {
    const since = Date.now()
    await app.startByHand('failingYearly', {})
    await runsSince('failingYearly', since, 1)
    await runsSince('secondly', since + 2_500, 1)
    expect((await runs('failingYearly')).filter(({ begin }) => begin >= since)).toHaveLength(1)
  })
  rule(
    'binding',
    'does not wait for a scheduled run that is under way',
    async () => {
      await runsSince('slow', startedAt, 1)
      const since = Date.now()
      await app.startByHand('slow', {})
      const found = await runsSince('slow', since, 2)
      const overlapping = found.some(({ begin, end }) => found.some(other => other.begin > begin && other.begin < end))
      expect(overlapping).toBe(true)
    },
    30_000,
  )
})
