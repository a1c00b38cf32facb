import { assert, double, integer, property, record, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from './random.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

describe('symmetricEigen()', () => {
  test('finds the axes of a matrix that can be solved by hand', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2)
    expect([...values]).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)])
    const half = Math.SQRT1_2
    expect(Math.abs(vectors[0]! * half + vectors[1]! * half)).toBeCloseTo(1, 12)
  })

  test('puts any symmetric matrix together again from orthonormal vectors, whatever its rank and scale', () => {
    const matrices = record({
      n: integer({ min: 1, max: 24 }),
      rank: integer({ min: 0, max: 24 }),
      seed: integer(),
      scale: double({ min: 1e-8, max: 1e8, noNaN: true }),
      zeroed: uint8Array({ maxLength: 4 }),
    })
    assert(
      property(matrices, ({ n, rank, seed, scale, zeroed }) => {
        const random = seededRandom(seed)
        const rows = Float64Array.from({ length: n * rank }, () => scale * gaussian(random))
        for (const row of zeroed) for (let k = 0; k < rank; k++) rows[(row % n) * rank + k] = 0
        const matrix = products(rows, n, rank)
        const { values, vectors } = symmetricEigen(matrix, n)
        const largest = Math.max(...matrix.map(Math.abs), Number.MIN_VALUE)
        for (let i = 0; i < n; i++) {
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]!)
          for (let j = 0; j < n; j++) {
            let unit = 0
            let restored = 0
            for (let k = 0; k < n; k++) {
              unit += vectors[i * n + k]! * vectors[j * n + k]!
              restored += vectors[k * n + i]! * values[k]! * vectors[k * n + j]!
            }
            expect(Math.abs(unit - (i === j ? 1 : 0))).toBeLessThan(1e-12)
            expect(Math.abs(restored - matrix[i * n + j]!) / largest).toBeLessThan(1e-11)
          }
        }
      }),
    )
  })

  test('gives no values for no matrix and refuses what is not a number', () => {
    expect(symmetricEigen(new Float64Array(0), 0).values).toHaveLength(0)
    expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow('must be finite: current value is NaN')
  })
})

/** B Bᵀ for B of shape (n, rank). */
function products(rows: Float64Array, n: number, rank: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, cell) => {
    const [i, j] = [Math.floor(cell / n), cell % n]
    let sum = 0
    for (let k = 0; k < rank; k++) sum += rows[i * rank + k]! * rows[j * rank + k]!
    return sum
  })
}
