import { expect, test } from 'vitest'
import type { Factors } from '../algorithms/als.ts'
import { personalScores } from './personal-scores.ts'

/** One factor, three items: user 0 likes them by 1, 2 and 4, user 1 half as much, user 2 is unknown. */
const factors: Factors = {
  ...{ factors: 1, users: 3, items: 3 },
  userFactors: Float32Array.of(1, 0.5, 0),
  itemFactors: Float32Array.of(1, 2, 4),
}
const popularity = [10, 0, 5]

function scoresOf(user: number, popularityShare: number): number[] | undefined {
  const scores = new Float32Array(3)
  return personalScores({ factors, popularity, popularityShare })(user, scores) ? [...scores] : undefined
}

test('a list is ranked by taste and popularity, each relative to its best, in the shares asked for', () => {
  expect(scoresOf(0, 0)).toEqual([0.25, 0.5, 1])
  expect(scoresOf(0, 1)).toEqual([1, 0, 0.5])
  expect(scoresOf(0, 0.5)).toEqual([0.625, 0.25, 0.75])
})

test('a user of weaker factors weighs popularity no more than one of stronger', () => {
  expect(scoresOf(1, 0.5)).toEqual(scoresOf(0, 0.5))
})

test('a user the factors know nothing of gets no scores, as popularity alone is another rung', () => {
  expect(scoresOf(2, 0.5)).toBeUndefined()
})

test('a shop that sells nothing yet ranks by taste', () => {
  const scores = new Float32Array(3)
  personalScores({ factors, popularity: [0, 0, 0], popularityShare: 0.5 })(0, scores)
  expect([...scores]).toEqual([0.125, 0.25, 0.5])
})

test('a share outside 0 to 1 is refused', () => {
  for (const share of [-0.1, 1.1, Number.NaN]) expect(() => scoresOf(0, share)).toThrow(`current value is ${share}`)
})
