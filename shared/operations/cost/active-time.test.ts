import { expect, test } from 'vitest'
import { type Random, seededRandom } from '../../algorithms/random.ts'
import { activeShare, billedAlone, periodMinSeconds, periodStepSeconds } from './active-time.ts'

/** The bill read off call by call: the straight version of the formula. */
function simulated({ perSecond, seconds, random }: { perSecond: number; seconds: number; random: Random }): number {
  const calls = 200_000
  let now = 0
  let billed = 0
  let start = 0
  /** When the last call of the open period ends, and until when the period is billed. */
  let busyUntil = 0
  let billedUntil = 0
  for (let call = 0; call < calls; call++) {
    now -= Math.log(1 - random()) / perSecond
    if (now > billedUntil) {
      billed += billedUntil - start
      start = now
      busyUntil = now
    }
    busyUntil = Math.max(busyUntil, now + seconds)
    const steps = Math.ceil((busyUntil - start) / periodStepSeconds)
    billedUntil = start + Math.max(periodMinSeconds, steps * periodStepSeconds)
  }
  return (billed + billedUntil - start) / billedUntil
}

test.each([
  [0.01, 0.03],
  [0.5, 0.03],
  [1.157, 0.05],
  [5, 0.04],
  [1, 0.5],
  [2, 0.9],
  [0.2, 3],
])('the formula is what a simulation of %d calls a second of %d s is billed, to 1.5 %%', (perSecond, seconds) => {
  const share = activeShare({ perSecond, seconds })
  const straight = simulated({ perSecond, seconds, random: seededRandom(1) })
  expect(Math.abs(share / straight - 1)).toBeLessThan(0.015)
})

test('a hundred thousand requests spread over a day keep an instance billed for more than half of it', () => {
  expect(activeShare({ perSecond: 100_000 / 86_400, seconds: 0.03 })).toBeCloseTo(0.537, 2)
})

test('a lone call is billed a second, a longer one in steps of a tenth', () => {
  expect([0.01, 1, 1.01, 2.5].map(billedAlone)).toEqual([1, 1, 1.1, 2.5])
  expect(activeShare({ perSecond: 1e-6, seconds: 0.01 })).toBeCloseTo(1e-6, 9)
})

test('nobody calls: nothing is billed; calls without end: all of the time', () => {
  expect(activeShare({ perSecond: 0, seconds: 1 })).toBe(0)
  expect(activeShare({ perSecond: 100, seconds: 10 })).toBe(1)
  expect(() => activeShare({ perSecond: -1, seconds: 1 })).toThrow('rate and duration must be 0 or more')
})
