import { expect, test } from 'vitest'
import { dot } from './dot.ts'
import { dotRows } from './dot-rows.ts'
import { gaussian, seededRandom } from './random.ts'

test('dotRows() writes one inner product a row', () => {
  const into = new Float32Array(5)
  dotRows(Float64Array.of(1, 10), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0), into)
  expect([...into]).toEqual([21, 43, 65, 87, 9])
})

test('dotRows() gives the bits of dot() row by row, for any number of rows and factors', () => {
  const random = seededRandom(1)
  for (const [count, factors] of [
    [0, 3],
    [1, 1],
    [4, 0],
    [7, 5],
    [9, 64],
  ] as const) {
    const numbers = (length: number) => Float32Array.from({ length }, () => gaussian(random))
    const [query, rows, into] = [numbers(factors), numbers(count * factors), new Float32Array(count)]
    dotRows(Float64Array.from(query), rows, into)
    for (let row = 0; row < count; row++)
      expect(into[row]).toBe(Math.fround(dot(query, 0, rows, row * factors, factors)))
  }
})
