import { expect, test } from 'vitest'
import { csrFromTriples } from '../../algorithms/csr.ts'
import { compareFactors, meanOfKnown } from './compare-factors.ts'

const nothing = (rows: number, columns: number) =>
  csrFromTriples({ rows, columns, rowOf: [], columnOf: [], valueOf: [] })

/** Two tastes, four items of each; the second model names its axes the other way round and mirrors one. */
const items = [9, 1, 8, 1, 7, 1, 6, 1, 1, 9, 1, 8, 1, 7, 1, 6]
const mirrored = items.flatMap((value, at) => (at % 2 === 0 ? [items[at + 1] ?? 0, -value] : []))
const before = { factors: 2, users: Float32Array.of(1, 0, 0, 1, 1, 1), items: Float32Array.from(items) }

test('a model and the same model in other coordinates agree entirely', () => {
  const after = { factors: 2, users: Float32Array.of(0, -1, 1, 0, 1, -1), items: Float32Array.from(mirrored) }
  const { cosine, overlap } = compareFactors({ before, after, exclude: nothing(3, 8), k: 4 })
  for (const value of cosine) expect(value).toBeCloseTo(1, 6)
  expect([...overlap]).toEqual([1, 1, 1])
})

test('a user whose taste has turned shares no direction and no best items', () => {
  const after = { ...before, users: Float32Array.of(0, 1, 0, 1, 1, 1) }
  const { cosine, overlap } = compareFactors({ before, after, exclude: nothing(3, 8), k: 4 })
  expect([cosine[0]?.toFixed(6), overlap[0]]).toEqual(['0.000000', 0])
  expect([cosine[1]?.toFixed(6), overlap[1]]).toEqual(['1.000000', 1])
})

test('what a user has bought is in neither list, and who bought everything misses nothing', () => {
  const after = { ...before, items: Float32Array.from([1, 9, ...items.slice(2)]) }
  const exclude = csrFromTriples({
    ...{ rows: 3, columns: 8, rowOf: [0, ...Array(8).fill(1)], columnOf: [0, 0, 1, 2, 3, 4, 5, 6, 7] },
    valueOf: Array(9).fill(1),
  })
  const { overlap } = compareFactors({ before, after, exclude, k: 3 })
  expect([...overlap].slice(0, 2)).toEqual([1, 1])
})

test('a user whom one model does not know is no part of the mean', () => {
  const after = { ...before, users: Float32Array.of(1, 0, 0, 0, 1, 1) }
  const { cosine, overlap } = compareFactors({ before, after, exclude: nothing(3, 8), k: 4 })
  expect([cosine[1], overlap[1]]).toEqual([Number.NaN, Number.NaN])
  expect(meanOfKnown(overlap)).toBe(1)
  expect(meanOfKnown(Float64Array.of(Number.NaN))).toBeUndefined()
})
