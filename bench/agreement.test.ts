import { expect, test } from 'vitest'
import { csrFromTriples } from '../shared/algorithms/csr.ts'
import { agreementWithSorting, sharedItems } from './agreement.ts'

// One user who likes item 2 most, then 0, then 1; he has item 2 already.
const model = {
  ...{ factors: 1, users: 1, items: 3 },
  userFactors: Float32Array.of(1),
  itemFactors: Float32Array.of(2, 1, 3),
}
const exclude = csrFromTriples({ rows: 1, columns: 3, rowOf: [0], columnOf: [2], valueOf: [1] })
const listOf = (...items: number[]) => ({ width: 2, items, countOf: () => items.length })

test('agreementWithSorting() is the share of places that hold what sorting puts there', () => {
  const against = { model, exclude, rows: 1 }
  expect(agreementWithSorting(listOf(0, 1), against)).toBe(1)
  expect(agreementWithSorting(listOf(2, 1), against)).toBe(0.5)
  expect(agreementWithSorting(listOf(0), against)).toBe(0.5)
})

test('sharedItems() does not mind the order within a list', () => {
  expect(sharedItems(listOf(0, 1), listOf(1, 0), 1)).toBe(1)
  expect(sharedItems(listOf(0, 1), listOf(1, 2), 1)).toBe(0.5)
})
