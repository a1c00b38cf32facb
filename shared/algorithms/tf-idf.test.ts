import { expect, test } from 'vitest'
import { tfIdf, wordsOf } from './tf-idf.ts'

const dense = ({ rows }: ReturnType<typeof tfIdf>) =>
  Array.from({ length: rows.rows }, (_, row) => {
    const values = new Array<number>(rows.columns).fill(0)
    for (let entry = rows.indptr[row]!; entry < rows.indptr[row + 1]!; entry++) {
      values[rows.indices[entry]!] = rows.values[entry]!
    }
    return values
  })

test('words are in lower case, without accents, stop words and numbers', () => {
  expect(wordsOf('The Crème-brûlée set, 6 pcs. for YOU')).toEqual(['creme', 'brulee', 'set', 'pcs'])
})

test('terms are those that most texts hold; what only one holds is none, and a plural is its singular', () => {
  const { terms } = tfIdf(['blue mug', 'blue mugs', 'blue berries', 'red berry', 'unique thing'], { termsMax: 10 })
  expect(terms).toEqual(['blue', 'berry', 'mug'])
  expect(tfIdf(['blue mug', 'blue mugs', 'blue berries'], { termsMax: 1 }).terms).toEqual(['blue'])
})

test('weights are those of the formula, rows of length 1', () => {
  const [first, second, third] = dense(tfIdf(['mug mug tea', 'mug', 'tea'], { termsMax: 10 }))
  // Both terms are in two of three texts: one idf, which a row's length takes out again.
  const twice = 1 + Math.log(2)
  const length = Math.hypot(twice, 1)
  expect(first?.[0]).toBeCloseTo(twice / length, 6)
  expect(first?.[1]).toBeCloseTo(1 / length, 6)
  expect([second, third]).toEqual([
    [1, 0],
    [0, 1],
  ])
})

test('a rare term weighs more than a frequent one', () => {
  const [first] = dense(tfIdf(['mug tea', 'mug tea', 'mug', 'mug'], { termsMax: 10 }))
  const [mug = 0, tea = 0] = first ?? []
  expect(tea / mug).toBeCloseTo((1 + Math.log(5 / 3)) / (1 + Math.log(5 / 5)), 6)
})

test('texts without terms are empty rows, and no texts no terms', () => {
  expect(dense(tfIdf(['', 'the 7', 'mug', 'mug'], { termsMax: 10 }))).toEqual([[0], [0], [1], [1]])
  expect(tfIdf([], { termsMax: 10 }).terms).toEqual([])
})
