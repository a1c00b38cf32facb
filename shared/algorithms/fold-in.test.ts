import { describe, expect, test } from 'vitest'
import { als } from './als.ts'
import { meanEntries } from './als-parameters.ts'
import { csrFromTriples } from './csr.ts'
import { foldIn } from './fold-in.ts'
import { gramian } from './gramian.ts'
import { seededRandom } from './random.ts'

const parameters = {
  ...{ factors: 8, iterations: 5, alpha: 10, conjugateGradientSteps: 30 },
  ...{ regularization: 0.5, regularizationExponent: 0.5 },
}
const { factors } = parameters
const random = seededRandom(4)
const cells = Array.from({ length: 600 }, () => ({
  user: Math.floor(60 * random()),
  item: Math.floor(50 * random() ** 2),
}))
const itemUsers = csrFromTriples({
  rows: 50,
  columns: 60,
  rowOf: cells.map(({ item }) => item),
  columnOf: cells.map(({ user }) => user),
  valueOf: cells.map((_, cell) => 1 + (cell % 3)),
})
const fitted = als(
  csrFromTriples({
    rows: 60,
    columns: 50,
    rowOf: cells.map(({ user }) => user),
    columnOf: cells.map(({ item }) => item),
    valueOf: cells.map((_, cell) => 1 + (cell % 3)),
  }),
  { ...parameters, seed: 1 },
)

describe('foldIn()', () => {
  test('gives an item the vector that a refit of its row gives', async () => {
    // Items are solved last, against the final users.
    const { userFactors, itemFactors } = await fitted
    const side = { factors, values: userFactors, gramian: gramian(userFactors, factors) }
    for (let item = 0; item < 50; item++) {
      const [from, to] = [itemUsers.indptr[item]!, itemUsers.indptr[item + 1]!]
      const entries = { columns: itemUsers.indices.subarray(from, to), strengths: itemUsers.values.subarray(from, to) }
      const vector = foldIn(entries, side, { ...parameters, meanEntries: meanEntries(itemUsers) })
      vector.forEach((value, factor) => {
        expect(value).toBeCloseTo(itemFactors[item * factors + factor]!, 3)
      })
    }
  })

  test('gives a user without positive strengths a zero vector', async () => {
    const { itemFactors } = await fitted
    const side = { factors, values: itemFactors, gramian: gramian(itemFactors, factors) }
    const options = { ...parameters, meanEntries: 10 }
    const zero = new Float32Array(factors)
    expect(foldIn({ columns: [], strengths: [] }, side, options)).toEqual(zero)
    expect(foldIn({ columns: [3], strengths: [0] }, side, options)).toEqual(zero)
  })

  test('refuses a column that is not there and a strength that is none', async () => {
    const { itemFactors } = await fitted
    const side = { factors, values: itemFactors, gramian: gramian(itemFactors, factors) }
    const options = { ...parameters, meanEntries: 10 }
    expect(() => foldIn({ columns: [1, 50], strengths: [1, 1] }, side, options)).toThrow(
      'column 1 must be an integer from 0 to 49: current value is 50',
    )
    expect(() => foldIn({ columns: [1], strengths: [-1] }, side, options)).toThrow(
      'strength 0 must be a number ≥ 0: current value is -1',
    )
  })

  test('leaves at zero what the fixed side says nothing about, without regularization', () => {
    const side = { factors: 2, values: Float32Array.of(1, 0, 2, 0), gramian: Float64Array.of(5, 0, 0, 0) }
    const vector = foldIn({ columns: [1], strengths: [1] }, side, { ...parameters, regularization: 0, meanEntries: 1 })
    // (5 + 10 · 4) x = 11 · 2
    expect([...vector]).toEqual([expect.closeTo(22 / 45, 6), 0])
  })
})
