import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentFeatures, featureOf, priceLevels } from './content-features.ts'
import { addToQuery, contentScores } from './content-scores.ts'
import { type Csr, csrFromTriples, transpose } from './csr.ts'

const rowOf = (row: number, { features, rows }: ReturnType<typeof contentFeatures>) => {
  const [from, to] = [rows.indptr[row] ?? 0, rows.indptr[row + 1] ?? 0]
  return new Map(
    Array.from(rows.indices.subarray(from, to), (column, place) => {
      return [features[column] ?? '', rows.values[from + place] ?? 0]
    }),
  )
}
const cosine = (a: Map<string, number>, b: Map<string, number>) =>
  [...a].reduce((sum, [feature, value]) => sum + value * (b.get(feature) ?? 0), 0)

describe('features', () => {
  test('hold terms, category, brand, tags and price level, in rows of length 1', () => {
    const made = contentFeatures(
      [
        { text: 'Blue mug', category: 'Kitchen', brand: 'Acme', tags: ['gift', 'sale', 'gift'], price: 8 },
        { text: 'Blue mug', category: '' },
      ],
      { termsMax: 10 },
    )
    const first = rowOf(0, made)
    const names = ['blue', 'brand:Acme', 'category:Kitchen', 'mug', 'price:8', 'tag:gift', 'tag:sale']
    expect([...first.keys()].toSorted()).toEqual(names)
    expect(cosine(first, first)).toBeCloseTo(1, 6)
    expect([...rowOf(1, made).keys()]).toEqual(['blue', 'mug'])
    expect(featureOf.tag('gift')).toBe('tag:gift')
  })

  test('put an item nearer to its like in category and price than to the other', () => {
    const made = contentFeatures(
      [
        { text: '', category: 'Kitchen', price: 9 },
        { text: '', category: 'Kitchen', price: 11 },
        { text: '', category: 'Kitchen', price: 300 },
        { text: '', category: 'Office', price: 9 },
      ],
      { termsMax: 10 },
    )
    const [pot, pan, oven, pen] = [0, 1, 2, 3].map(row => rowOf(row, made))
    if (!pot || !pan || !oven || !pen) throw new Error('There are four items')
    expect(cosine(pot, pan)).toBeGreaterThan(cosine(pot, oven))
    expect(cosine(pot, oven)).toBeGreaterThan(cosine(pot, pen))
  })
})

describe('price levels', () => {
  test('are the two nearest powers of two, a row of length 1', () => {
    expect(priceLevels(16)).toEqual([['price:16', 1]])
    const [[lower, a] = ['', 0], [upper, b] = ['', 0]] = priceLevels(24)
    expect([lower, upper]).toEqual(['price:16', 'price:32'])
    expect(Math.hypot(a, b)).toBeCloseTo(1, 12)
    expect(b).toBeGreaterThan(a)
  })
  test('are none without a price', () => {
    for (const price of [undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(priceLevels(price)).toEqual([])
  })
})

describe('scores', () => {
  const matrix = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 15,
  })
  const unitRows = (dense: number[][]): Csr => {
    const filled = dense.flatMap((values, row) => {
      const length = Math.hypot(...values)
      return values.flatMap((value, column) => (value === 0 ? [] : [{ row, column, value: value / length }]))
    })
    return csrFromTriples({
      ...{ rows: dense.length, columns: 4, rowOf: filled.map(({ row }) => row) },
      ...{ columnOf: filled.map(({ column }) => column), valueOf: filled.map(({ value }) => value) },
    })
  }

  test('are cosines, the best first, and what features add sums to them', () => {
    fc.assert(
      fc.property(matrix, fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 4 }), (dense, query) => {
        const rows = unitRows(dense)
        const asked = new Map(
          query.flatMap((value, feature): [number, number][] => (value === 0 ? [] : [[feature, value]])),
        )
        const found = contentScores({ rows, itemsOf: transpose(rows) })(asked, { n: 20, isWanted: () => true })
        const cosines = dense.map(values => {
          const dot = values.reduce((sum, value, feature) => sum + value * (query[feature] ?? 0), 0)
          return dot / (Math.hypot(...values) * Math.hypot(...query))
        })
        expect(found).toHaveLength(cosines.filter(score => score > 1e-6).length)
        for (const { item, score, added } of found) {
          expect(score).toBeCloseTo(cosines[item] ?? Number.NaN, 5)
          expect(added.reduce((sum, [, value]) => sum + value, 0)).toBeCloseTo(score, 12)
        }
        // Scores are ranked in 32 bits.
        const ranked = found.map(({ score }) => Math.fround(score))
        expect(ranked).toEqual(ranked.toSorted((a, b) => b - a))
      }),
    )
  })

  test('leave out what is unwanted however much of it there is, and are asked again alike', () => {
    const dense = Array.from({ length: 100 }, (_, item) => [1, item, 0, 0])
    const rows = unitRows(dense)
    const scores = contentScores({ rows, itemsOf: transpose(rows) })
    const ask = () => scores(new Map([[1, 1]]), { n: 2, isWanted: item => item < 3 }).map(({ item }) => item)
    expect(ask()).toEqual([2, 1])
    expect(ask()).toEqual([2, 1])
  })

  test('of a query made of rows are those of their weighted sum', () => {
    const rows = unitRows([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ])
    const query = new Map<number, number>()
    addToQuery(query, rows, 0, 2)
    addToQuery(query, rows, 1, 0.5)
    expect([...query]).toEqual([
      [0, 2],
      [1, 0.5],
    ])
    expect(contentScores({ rows, itemsOf: transpose(rows) })(new Map(), { n: 5, isWanted: () => true })).toEqual([])
  })
})
