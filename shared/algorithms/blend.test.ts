import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BlendSource, blend } from './blend.ts'

const proposes = (weight: number, scores: Record<string, number>): BlendSource => ({
  weight,
  candidates: Object.entries(scores).map(([itemId, score]) => ({ itemId, score })),
})

test('blend() puts sources of different scales on one and adds them by weight', () => {
  const blended = blend([proposes(3, { tea: 400, cup: 100 }), proposes(1, { cup: 0.02, pot: 0.01 })])
  expect(blended.map(({ itemId, score }) => [itemId, score])).toEqual([
    ['tea', 0.75],
    ['cup', 0.4375],
    ['pot', 0.125],
  ])
  expect(blended[1]?.contributions).toEqual([
    { source: 0, score: 100, calibrated: 0.25, added: 0.1875 },
    { source: 1, score: 0.02, calibrated: 1, added: 0.25 },
  ])
})

test('a source without candidates takes no weight from the others', () => {
  const blended = blend([proposes(9, {}), proposes(1, { tea: 5 })])
  expect(blended).toEqual([
    { itemId: 'tea', score: 1, contributions: [{ source: 1, score: 5, calibrated: 1, added: 1 }] },
  ])
})

test('on ties the order of the sources decides, and within a source its own order', () => {
  const blended = blend([proposes(1, { pot: 2, tea: 2 }), proposes(1, { cup: 7, ada: 7 })])
  expect(blended.map(({ itemId }) => itemId)).toEqual(['pot', 'tea', 'cup', 'ada'])
})

test('no sources and sources without candidates blend to nothing; scores of 0 alone stay 0', () => {
  expect(blend([])).toEqual([])
  expect(blend([proposes(1, {})])).toEqual([])
  expect(blend([proposes(1, { tea: 0 })])[0]).toMatchObject({ itemId: 'tea', score: 0 })
})

test('contributions sum to the score, scores lie within 0 and 1 and fall, and every item comes once', () => {
  const candidates = fc.uniqueArray(
    fc.record({ itemId: fc.constantFrom(...'abcdefgh'), score: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
    { selector: ({ itemId }) => itemId },
  )
  const sources = fc.array(fc.record({ weight: fc.double({ min: 0.01, max: 100, noNaN: true }), candidates }))
  fc.assert(
    fc.property(sources, given => {
      const blended = blend(given)
      const proposed = new Set(given.flatMap(source => source.candidates.map(({ itemId }) => itemId)))
      expect(new Set(blended.map(({ itemId }) => itemId))).toEqual(proposed)
      expect(blended.length).toBe(proposed.size)
      for (const [place, { score, contributions }] of blended.entries()) {
        expect(contributions.reduce((sum, { added }) => sum + added, 0)).toBe(score)
        expect(score).toBeLessThanOrEqual(1 + 1e-12)
        expect(score).toBeLessThanOrEqual(blended[place - 1]?.score ?? Infinity)
      }
    }),
  )
})

test.each([
  [[proposes(0, { tea: 1 })], 'the weight of source 0 must be above 0: current value is 0'],
  [[proposes(1, { tea: -1 })], 'that of tea from source 0 is -1'],
  [[proposes(1, { tea: Number.NaN })], 'that of tea from source 0 is NaN'],
  [
    [{ weight: 1, candidates: [...proposes(1, { tea: 1 }).candidates, ...proposes(1, { tea: 2 }).candidates] }],
    'twice',
  ],
])('blend() refuses %j', (sources, message) => {
  expect(() => blend(sources)).toThrow(message)
})
