import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Invocation, Outcome } from '../app/invoker.ts'
import { parseSchedule } from './ncrontab.ts'
import { listenTimer } from './timer-listener.ts'
import type { TimerStatus } from './timer-status.ts'

const start = new Date('2026-03-01T10:00:30Z')
beforeEach(() => {
  vi.useFakeTimers({ now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

async function timer(
  schedule: string,
  { status, runMs = 0, runOnStartup = false }: { status?: TimerStatus; runMs?: number; runOnStartup?: boolean } = {},
) {
  const runs: { at: string; isPastDue: boolean }[] = []
  const stored: { status: TimerStatus | undefined } = { status }
  const told: string[] = []
  const listener = await listenTimer({
    plan: { name: 'f', bindingName: 't', runOnStartup },
    schedule: parseSchedule(schedule),
    onNext: next => told.push(next.toISOString().slice(14, 19)),
    store: {
      read: async () => stored.status,
      write: async next => {
        stored.status = next
      },
    },
    log: ({ message }) => {
      throw new Error(message)
    },
    invoker: {
      invoke: async ({ data }: Invocation): Promise<Outcome> => {
        const { IsPastDue } = JSON.parse(data.json ?? '') as { IsPastDue: boolean }
        runs.push({ at: new Date().toISOString().slice(14, 19), isPastDue: IsPastDue })
        if (runMs > 0) await new Promise(resolve => setTimeout(resolve, runMs))
        return { type: 'succeeded', response: {} }
      },
    },
  })
  return { listener, runs, stored, told }
}
const status = (last: string | undefined, next: string): TimerStatus => ({
  last: last === undefined ? undefined : new Date(last),
  next: new Date(next),
  lastUpdated: new Date(last ?? '2026-03-01T09:59:10Z'),
})

describe('listenTimer()', () => {
  test('runs on its schedule and remembers last and next', async () => {
    const { runs, stored } = await timer('0 * * * * *')
    await vi.advanceTimersByTimeAsync(95_000)
    expect(runs.map(({ at }) => at)).toEqual(['01:00', '02:00'])
    expect(stored.status).toMatchObject({
      last: new Date('2026-03-01T10:02:00Z'),
      next: new Date('2026-03-01T10:03:00Z'),
    })
  })
  test('never runs twice at a time: occurrences that fall into a long run are caught up by one behind it', async () => {
    const { runs } = await timer('0 * * * * *', { runMs: 150_000 })
    await vi.advanceTimersByTimeAsync(335_000)
    expect(runs).toEqual([
      { at: '01:00', isPastDue: false },
      { at: '03:30', isPastDue: false },
      { at: '06:00', isPastDue: false },
    ])
  })
  test('catches up one missed occurrence after downtime, as past due', async () => {
    const { runs } = await timer('0 * * * * *', { status: status('2026-03-01T09:30:00Z', '2026-03-01T09:31:00Z') })
    await vi.advanceTimersByTimeAsync(31_000)
    expect(runs).toEqual([
      { at: '00:30', isPastDue: true },
      { at: '01:00', isPastDue: false },
    ])
  })
  test('does not take a changed schedule for a missed occurrence', async () => {
    const { runs, stored } = await timer('0 0 12 * * *', {
      status: status('2026-03-01T09:30:00Z', '2026-03-01T09:31:00Z'),
    })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toEqual([])
    expect(stored.status?.next).toEqual(new Date('2026-03-01T12:00:00Z'))
  })
  test('keeps what is still to come of a changed schedule, counted from the last run', async () => {
    const { runs, stored } = await timer('0 30 * * * *', {
      status: status('2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'),
    })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toEqual([])
    expect(stored.status?.next).toEqual(new Date('2026-03-01T10:30:00Z'))
  })
  test('runs again what was not finished when its host died', async () => {
    const { runs } = await timer('0 0 * * * *', { status: status('2026-03-01T09:00:00Z', '2026-03-01T10:00:00Z') })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toEqual([{ at: '00:30', isPastDue: true }])
  })
  test('runs once at the start with runOnStartup', async () => {
    const { runs } = await timer('0 0 12 * * *', { runOnStartup: true })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toEqual([{ at: '00:30', isPastDue: false }])
  })
  test('tells when it occurs next, and of now when a run begins', async () => {
    const { told } = await timer('0 * * * * *', { runMs: 5_000 })
    await vi.advanceTimersByTimeAsync(31_000)
    expect(told).toEqual(['01:00', '01:00'])
    await vi.advanceTimersByTimeAsync(9_000)
    expect(told).toEqual(['01:00', '01:00', '02:00'])
  })
  test('reaches an occurrence further off than a timeout can count', async () => {
    const { runs } = await timer('0 0 0 1 6 *')
    await vi.advanceTimersByTimeAsync(Date.parse('2026-06-01T00:00:01Z') - start.getTime())
    expect(runs).toHaveLength(1)
  })
  test('runs no more once stopped', async () => {
    const { runs, listener } = await timer('0 * * * * *')
    await listener.stop()
    await vi.advanceTimersByTimeAsync(120_000)
    await listener.close()
    expect(runs).toEqual([])
  })
})
