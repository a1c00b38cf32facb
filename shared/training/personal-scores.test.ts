import { describe, expect, test } from 'vitest'
import type { Factors } from '../algorithms/als.ts'
import { csrFromTriples } from '../algorithms/csr.ts'
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

describe('with the item-item linear model', () => {
  // Who has item 0 is told 2 of item 1 and 1 of item 2. User 0 has it, user 2 too, whom the factors do not know.
  const weights = csrFromTriples({ rows: 3, columns: 3, rowOf: [0, 0], columnOf: [1, 2], valueOf: [2, 1] })
  const userItems = csrFromTriples({ rows: 3, columns: 3, rowOf: [0, 2], columnOf: [0, 0], valueOf: [3, 3] })
  const blended = (user: number, share: number, popularityShare: number) => {
    const scores = new Float32Array(3)
    const score = personalScores({ factors, itemLinear: { weights, userItems, share }, popularity, popularityShare })
    return score(user, scores) ? [...scores] : undefined
  }

  test('taste is both models’, each relative to its best, in the share asked for', () => {
    expect(blended(0, 0, 0)).toEqual([0.25, 0.5, 1])
    expect(blended(0, 1, 0)).toEqual([0, 1, 0.5])
    expect(blended(0, 0.5, 0)).toEqual([0.125, 0.75, 0.75])
    expect(blended(0, 0.5, 0.5)).toEqual([0.5625, 0.375, 0.625])
  })

  test('a user whom one model knows is ranked by it', () => {
    expect(blended(1, 0.5, 0)).toEqual([0.125, 0.25, 0.5])
    expect(blended(2, 0.5, 0)).toEqual([0, 0.5, 0.25])
  })

  test('a share outside 0 to 1 is refused', () => {
    expect(() => blended(0, 1.5, 0)).toThrow('itemLinearShare must be from 0 to 1: current value is 1.5')
  })
})

test('a share outside 0 to 1 is refused', () => {
  for (const share of [-0.1, 1.1, Number.NaN]) expect(() => scoresOf(0, share)).toThrow(`current value is ${share}`)
})
