import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../app/invoker.ts'
import { countRunning } from './running-invocations.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('countRunning()', () => {
  test('tells the first start at once, and ends and further starts together a little later', async () => {
    const told: number[] = []
    const ends: (() => void)[] = []
    const invoke = () => new Promise<Outcome>(resolve => ends.push(() => resolve({ type: 'succeeded', response: {} })))
    const counted = countRunning({ invoke, idle: async () => undefined }, running => told.push(running))
    const start = () => counted.invoke({ functionName: 'f', bindingName: 'b', data: {} })
    start()
    expect(told).toEqual([1])
    start()
    start()
    expect(told).toEqual([1])
    await vi.advanceTimersByTimeAsync(100)
    expect(told).toEqual([1, 3])
    for (const end of ends) end()
    await vi.advanceTimersByTimeAsync(100)
    expect(told).toEqual([1, 3, 0])
    start()
    expect(told).toEqual([1, 3, 0, 1])
  })
})
