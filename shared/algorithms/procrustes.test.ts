import { expect, test } from 'vitest'
import { procrustes, rotated } from './procrustes.ts'
import { gaussian, seededRandom } from './random.ts'

const random = seededRandom(7)
const table = (rows: number, factors: number) => ({
  values: Float32Array.from({ length: rows * factors }, () => gaussian(random)),
  factors,
})
const allRows = (count: number) => ({
  from: Array.from({ length: count }, (_, row) => row),
  to: [...Array(count).keys()],
})

/** A rotation of three factors: 30° about the third axis, with the first two mirrored. */
const turn = [
  Math.cos(Math.PI / 6),
  Math.sin(Math.PI / 6),
  0,
  Math.sin(Math.PI / 6),
  -Math.cos(Math.PI / 6),
  0,
  0,
  0,
  1,
]

test('a table that was turned is turned back: every row meets its partner', () => {
  const from = table(20, 3)
  const to = {
    values: Float32Array.from(
      { length: 60 },
      (_, at) => rotated(from, Math.floor(at / 3), Float64Array.from(turn))[at % 3]!,
    ),
    factors: 3,
  }
  const rotation = procrustes(from, to, allRows(20))
  for (const [at, value] of turn.entries()) expect(rotation[at]).toBeCloseTo(value, 5)
  for (let row = 0; row < 20; row++) {
    for (const [factor, value] of rotated(from, row, rotation).entries()) {
      expect(value).toBeCloseTo(to.values[row * 3 + factor]!, 5)
    }
  }
})

test('whatever the tables, the rotation keeps lengths, and no small turn of it comes nearer', () => {
  const from = table(30, 5)
  const to = table(30, 5)
  const rotation = procrustes(from, to, allRows(30))
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b < 5; b++) {
      let sum = 0
      for (let row = 0; row < 5; row++) sum += rotation[row * 5 + a]! * rotation[row * 5 + b]!
      expect(sum).toBeCloseTo(a === b ? 1 : 0, 8)
    }
  }
  const distance = (by: Float64Array) => {
    let sum = 0
    for (let row = 0; row < 30; row++) {
      for (const [factor, value] of rotated(from, row, by).entries()) sum += (value - to.values[row * 5 + factor]!) ** 2
    }
    return sum
  }
  const least = distance(rotation)
  for (let a = 0; a < 5; a++) {
    for (let b = a + 1; b < 5; b++) {
      for (const angle of [-0.1, 0.1]) {
        const turned = rotation.slice()
        for (let row = 0; row < 5; row++) {
          const [x, y] = [rotation[row * 5 + a]!, rotation[row * 5 + b]!]
          turned[row * 5 + a] = Math.cos(angle) * x - Math.sin(angle) * y
          turned[row * 5 + b] = Math.sin(angle) * x + Math.cos(angle) * y
        }
        expect(distance(turned)).toBeGreaterThan(least)
      }
    }
  }
})

test('only the pairs count, and a table of more factors is aligned as well', () => {
  const from = table(9, 2)
  const to = { values: new Float32Array(9 * 4), factors: 4 }
  for (const row of [2, 5, 7]) to.values.set(from.values.subarray(row * 2, row * 2 + 2), (8 - row) * 4 + 1)
  const rotation = procrustes(from, to, { from: [2, 5, 7], to: [6, 3, 1] })
  expect([...rotated(from, 4, rotation)].map(value => value.toFixed(4))).toEqual(
    [0, from.values[8]!, from.values[9]!, 0].map(value => value.toFixed(4)),
  )
})

test('where the pairs say nothing, nothing is claimed', () => {
  expect([...procrustes(table(2, 2), table(2, 2), { from: [], to: [] })]).toEqual([0, 0, 0, 0])
  expect(() => procrustes(table(2, 2), table(2, 2), { from: [0], to: [] })).toThrow(/1 and 0/)
})
