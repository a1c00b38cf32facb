import { expect, test } from 'vitest'
import { csrFromTriples } from '../../algorithms/csr.ts'
import { foldIn } from '../../algorithms/fold-in.ts'
import { gramian } from '../../algorithms/gramian.ts'
import { contentFactors } from './content-factors.ts'
import { foldItems } from './fold-items.ts'

const parameters = { alpha: 2, regularization: 0.1, regularizationExponent: 0, meanEntries: 2 }
/** Two users of the first taste, one of the second, and one of whom the fit knew nothing. */
const values = Float32Array.of(1, 0, 0.8, 0.1, 0, 1, 0, 0)
const users = { factors: 2, values, gramian: gramian(values, 2) }
const matrix = (entries: [row: number, column: number][], rows: number) =>
  csrFromTriples({
    ...{ rows, columns: 4, rowOf: entries.map(([row]) => row), columnOf: entries.map(([, column]) => column) },
    valueOf: entries.map(() => 1),
  })
const content = () => Float64Array.of(0.5, 0.5)

test('an item is drawn to its content the more the fewer interactions it has: four weigh as much as the content', () => {
  const items = matrix(
    [
      [1, 0],
      [2, 0],
      [2, 1],
    ],
    3,
  )
  const vectors = foldItems(items, { users, parameters, content })
  expect([...vectors.subarray(0, 2)]).toEqual([0.5, 0.5])
  for (const [row, buyers] of [
    [1, [0]],
    [2, [0, 1]],
  ] as const) {
    const folded = foldIn({ columns: buyers, strengths: buyers.map(() => 1) }, users, parameters)
    const share = buyers.length / (buyers.length + 4)
    expect(vectors[2 * row]).toBeCloseTo(share * folded[0]! + (1 - share) * 0.5, 6)
    expect(vectors[2 * row + 1]).toBeCloseTo(share * folded[1]! + (1 - share) * 0.5, 6)
  }
})

test('a buyer of whom nothing is known says nothing of the item', () => {
  expect([...foldItems(matrix([[0, 3]], 1), { users, parameters, content })]).toEqual([0.5, 0.5])
})

test('content is the mean of the category’s fitted items, mostly of those at a like price', () => {
  const vectorOf = contentFactors({
    ...{ itemFactors: Float32Array.of(1, 0, 0, 1, 5, 5, 9, 9), factors: 2, fitted: Uint8Array.of(1, 1, 1, 0) },
    products: [
      { category: 'Office', price: 1 },
      { category: 'Office', price: 10 },
      { category: 'Kitchen', price: 1 },
      { category: 'Office', price: 1 },
    ],
  })
  const [first, second] = vectorOf({ category: 'Office', price: 1 })
  expect(first).toBeGreaterThan(0.98)
  expect(first! + second!).toBeCloseTo(1, 9)
  expect([...vectorOf({ category: 'Kitchen', price: 80 })]).toEqual([5, 5])
  expect([...vectorOf({ category: 'Garden', price: 1 })]).toEqual([0, 0])
})
