import { describe, expect, test } from 'vitest'
import { csrFromTriples, transpose } from '../algorithms/csr.ts'
import { seededRandom } from '../algorithms/random.ts'
import { linearAdditions } from './linear-additions.ts'
import { addLinearScores } from './linear-scores.ts'

function randomMatrix(rows: number, columns: number, entries: number, seed: number) {
  const random = seededRandom(seed)
  const draw = (below: number) => Uint32Array.from({ length: entries }, () => Math.floor(below * random()))
  const strengths = Float32Array.from({ length: entries }, () => random())
  return csrFromTriples({ rows, columns, rowOf: draw(rows), columnOf: draw(columns), valueOf: strengths })
}

describe('linearAdditions()', () => {
  test('gives every score of the linear model, the highest of a user being the share', () => {
    const model = { weights: transpose(randomMatrix(30, 30, 120, 1)), userItems: randomMatrix(12, 30, 40, 2) }
    const { indptr, indices, values } = linearAdditions(model, 0.25)
    for (let user = 0; user < 12; user++) {
      const scores = new Float32Array(30)
      addLinearScores(model, user, scores)
      const highest = Math.max(...scores)
      const expected = scores.map(score => (highest === 0 ? 0 : (0.25 / highest) * score))
      const found = new Float32Array(30)
      for (let at = indptr[user]!; at < indptr[user + 1]!; at++) found[indices[at]!] = values[at]!
      expect(found).toEqual(expected)
    }
  })

  test('adds nothing for a user without items, and each item once', () => {
    const weights = csrFromTriples({ rows: 3, columns: 3, rowOf: [0, 1], columnOf: [2, 2], valueOf: [1, 2] })
    const userItems = csrFromTriples({ rows: 2, columns: 3, rowOf: [1, 1], columnOf: [0, 1], valueOf: [1, 1] })
    const { indptr, indices, values } = linearAdditions({ weights, userItems }, 1)
    expect([...indptr]).toEqual([0, 0, 1])
    expect([...indices]).toEqual([2])
    expect([...values]).toEqual([1])
  })
})
