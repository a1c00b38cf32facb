import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainFactors } from './explain-factors.ts'
import { type FoldInSide, foldIn, rowOf } from './fold-in.ts'
import { gramian } from './gramian.ts'
import { gaussian, seededRandom } from './random.ts'

const parameters = { alpha: 4, regularization: 0.5, regularizationExponent: 0.5, meanEntries: 6 }

/** Two tastes of two items each. */
const tastes = side([1, 0, 0.5, 0, 0, 1, 0, 0.5], 2)

function side(values: ArrayLike<number>, factors: number): FoldInSide {
  const rows = Float32Array.from(values)
  return { factors, values: rows, gramian: gramian(rows, factors) }
}

describe('explainFactors()', () => {
  test('tells by hand-made numbers what each past item adds', () => {
    const options = { ...parameters, regularization: 0.75, regularizationExponent: 0 }
    // First factor: A = 1.25 + 0.75 + 4·1 + 4·2·0.25 = 8, b = 5·1 + 9·0.5; the second knows nothing.
    const { score, terms } = explainFactors({ columns: [0, 1], strengths: [1, 2] }, tastes, options)(1)
    expect(terms[0]).toBeCloseTo((0.5 * 5) / 8, 12)
    expect(terms[1]).toBeCloseTo((0.5 * 4.5) / 8, 12)
    expect(score).toBeCloseTo((0.5 * 9.5) / 8, 12)
  })

  test('an item of another taste adds nothing, and so does one without strength', () => {
    const explain = explainFactors({ columns: [2, 0, 1], strengths: [3, 1, 0] }, tastes, parameters)
    expect(explain(1).terms[0]).toBe(0)
    expect(explain(1).terms[2]).toBe(0)
    expect(explain(1).terms[1]).toBeGreaterThan(0)
  })

  test('a user without history has a score of 0 and no terms', () => {
    expect(explainFactors({ columns: [], strengths: [] }, tastes, parameters)(0)).toEqual({
      score: 0,
      terms: new Float64Array(),
    })
  })

  test('terms sum to the score of the vector that foldIn() gives, for any size, also where Y does not fill the space', () => {
    const sizes = fc.record({
      ...{ items: fc.integer({ min: 1, max: 60 }), factors: fc.integer({ min: 1, max: 24 }), seed: fc.nat() },
      ...{ entries: fc.integer({ min: 0, max: 40 }), alpha: fc.constantFrom(0, 1, 40) },
      ...{ regularization: fc.constantFrom(0, 0.1, 30), exponent: fc.constantFrom(0, 0.5, 1) },
    })
    fc.assert(
      fc.property(sizes, ({ items, factors, seed, entries, alpha, regularization, exponent }) => {
        const random = seededRandom(seed)
        const fixed = side(
          Array.from({ length: items * factors }, () => gaussian(random)),
          factors,
        )
        const options = { alpha, regularization, regularizationExponent: exponent, meanEntries: 6 }
        const row = {
          columns: Array.from({ length: entries }, () => Math.floor(items * random())),
          strengths: Array.from({ length: entries }, () => (random() < 0.1 ? 0 : 3 * random())),
        }
        const explain = explainFactors(row, fixed, options)
        const vector = foldIn(row, fixed, options)
        for (let item = 0; item < items; item++) {
          const { score, terms } = explain(item)
          const folded = rowOf(item, fixed).reduce((sum, value, factor) => sum + value * vector[factor]!, 0)
          const sum = terms.reduce((sum, term) => sum + term, 0)
          expect(Math.abs(sum - score)).toBeLessThan(1e-5)
          // foldIn() keeps 32 bits of each number of the vector, which is long where the system is nearly singular.
          const lengths = Math.hypot(...vector) * Math.hypot(...rowOf(item, fixed))
          expect(Math.abs(sum - folded)).toBeLessThan(1e-5 * Math.max(1, lengths))
        }
      }),
      { numRuns: 150 },
    )
  })

  test('rows that stand in another order give the same terms', () => {
    const places = Uint32Array.of(3, 1, 0, 2)
    const moved = new Float32Array(tastes.values.length)
    places.forEach((place, item) => {
      moved.set(rowOf(item, tastes), place * 2)
    })
    const row = { columns: [0, 3], strengths: [1, 2] }
    const explain = explainFactors(row, { ...tastes, values: moved, places }, parameters)
    expect(explain(1)).toEqual(explainFactors(row, tastes, parameters)(1))
  })

  test('refuses a column that is not there', () => {
    expect(() => explainFactors({ columns: [4], strengths: [1] }, tastes, parameters)).toThrow('from 0 to 3')
  })
})
