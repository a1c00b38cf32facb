import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Lease } from '../storage/blob-lease.ts'
import { listenAsSingleton } from './singleton-listener.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** One lock of 15 s in memory, as a blob would be it; `away` makes the storage fail. */
function lock() {
  const state = { owner: '', until: 0, away: false, renewals: 0 }
  const mine = (id: string) => state.owner === id && Date.now() < state.until
  const answer = <Value>(value: () => Value) => {
    if (state.away) throw new Error('storage is away')
    return value()
  }
  const take = (id: string) => {
    state.owner = id
    state.until = Date.now() + 15_000
    return true
  }
  const lease = (id: string): Lease => ({
    acquire: async () => answer(() => (mine(id) || Date.now() >= state.until ? take(id) : false)),
    renew: async () => answer(() => state.renewals++ >= 0 && state.owner === id && take(id)),
    release: async () =>
      answer(() => {
        if (mine(id)) state.until = 0
      }),
  })
  return { state, lease }
}

async function instance(id: string, lease: Lease) {
  const events: string[] = []
  const listener = await listenAsSingleton({
    functionName: 'tick',
    lease,
    listen: async () => {
      events.push('listens')
      return {
        stop: async () => {
          events.push('stops')
        },
        close: async () => {
          events.push('closed')
        },
      }
    },
    log: ({ message }) => events.push(message),
  })
  return { id, events, ...listener }
}

describe('listenAsSingleton()', () => {
  test('lets only the holder of the lock listen, which renews it at half its period', async () => {
    const { lease, state } = lock()
    const first = await instance('1', lease('1'))
    const second = await instance('2', lease('2'))
    await vi.advanceTimersByTimeAsync(75_000)
    expect([first.events, second.events]).toEqual([['listens'], []])
    expect(state.renewals).toBe(10)
  })
  test('hands the lock over once the holder is closed, not before', async () => {
    const { lease } = lock()
    const first = await instance('1', lease('1'))
    const second = await instance('2', lease('2'))
    await first.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(second.events).toEqual([])
    await first.close()
    await vi.advanceTimersByTimeAsync(5_000)
    expect([first.events, second.events]).toEqual([['listens', 'stops', 'closed'], ['listens']])
  })
  test('takes the lock over when it has run out behind a holder that died', async () => {
    const { lease, state } = lock()
    Object.assign(state, { owner: 'dead', until: 15_000 })
    const second = await instance('2', lease('2'))
    await vi.advanceTimersByTimeAsync(14_999)
    expect(second.events).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(second.events).toEqual(['listens'])
  })
  test('stops listening when someone else has the lock, and asks for it again', async () => {
    const { lease, state } = lock()
    const first = await instance('1', lease('1'))
    Object.assign(state, { owner: 'thief', until: 20_000 })
    await vi.advanceTimersByTimeAsync(7_500)
    const lost = 'The lock of function "tick" is held by someone else: this instance listens no more'
    expect(first.events).toEqual(['listens', lost, 'stops', 'closed'])
    await vi.advanceTimersByTimeAsync(15_000)
    expect(first.events.slice(4)).toEqual(['listens'])
  })
  test('stops listening when it cannot renew the lock before it runs out, and goes on once it can', async () => {
    const { lease, state } = lock()
    const first = await instance('1', lease('1'))
    state.away = true
    await vi.advanceTimersByTimeAsync(14_999)
    expect(first.events).not.toContain('stops')
    await vi.advanceTimersByTimeAsync(1)
    expect(first.events).toContain('closed')
    state.away = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect(first.events.at(-1)).toBe('listens')
  })
  test('an instance that never had the lock leaves it alone when it ends', async () => {
    const { lease, state } = lock()
    const first = await instance('1', lease('1'))
    const second = await instance('2', lease('2'))
    await second.stop()
    await second.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(first.events).toEqual(['listens'])
    expect(state.owner).toBe('1')
  })
})
