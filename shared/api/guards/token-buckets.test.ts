import { expect, test } from 'vitest'
import { TokenBuckets } from './token-buckets.ts'

const buckets = (of: { perSecond: number; windowSeconds?: number; bucketsMax?: number }) => {
  const clock = { ms: 0 }
  const made = new TokenBuckets({ windowSeconds: 10, bucketsMax: 100, ...of, clock: () => clock.ms })
  return { clock, buckets: made, granted: (name: string, asked: number) => granted(made, name, asked) }
}
function granted(of: TokenBuckets, name: string, asked: number): number {
  return Array.from({ length: asked }, () => of.take(name)).filter(({ isSpent }) => !isSpent).length
}

test('a window’s worth is there at once, then as much as the rate brings', () => {
  const { clock, granted } = buckets({ perSecond: 2 })
  expect(granted('anna', 50)).toBe(20)
  clock.ms = 1500
  expect(granted('anna', 50)).toBe(3)
  clock.ms = 100_000
  expect(granted('anna', 50)).toBe(20)
})

test('over any stretch of time nobody gets more than the window’s worth and the rate', () => {
  const { clock, granted } = buckets({ perSecond: 5, windowSeconds: 2 })
  let all = 0
  for (; clock.ms < 60_000; clock.ms += 7) all += granted('anna', 1)
  expect(all).toBeLessThanOrEqual(5 * 60 + 10)
  expect(all).toBeGreaterThan(5 * 60)
})

test('names have nothing to do with each other', () => {
  const { granted } = buckets({ perSecond: 0.1 })
  expect([granted('anna', 3), granted('bert', 3)]).toEqual([1, 1])
})

test('what is left, and when there is more, is told', () => {
  const { clock, buckets: of, granted } = buckets({ perSecond: 0.5 })
  expect(of.take('anna')).toEqual({ isSpent: false, remaining: 4, resetSeconds: 2, retrySeconds: 1 })
  granted('anna', 4)
  expect(of.take('anna')).toEqual({ isSpent: true, remaining: 0, resetSeconds: 10, retrySeconds: 2 })
  clock.ms = 1000
  expect(of.look('anna')).toEqual({ isSpent: true, remaining: 0, resetSeconds: 9, retrySeconds: 1 })
})

test('a million names take no more memory than the buckets that are kept', () => {
  const { buckets: of } = buckets({ perSecond: 1, bucketsMax: 1000 })
  for (let name = 0; name < 1_000_000; name++) of.take(String(name))
  expect(of.size).toBe(1000)
})

test('a clock that was set back takes nothing away', () => {
  const { clock, granted } = buckets({ perSecond: 1 })
  clock.ms = 5000
  expect(granted('anna', 10)).toBe(10)
  clock.ms = 1000
  expect(granted('anna', 1)).toBe(0)
  clock.ms = 2000
  expect(granted('anna', 5)).toBe(1)
})
