import fc from 'fast-check'
import { expect, test } from 'vitest'
import { straightTopN } from '../../tests/oracles/top-n.ts'
import { csrFromTriples } from '../algorithms/csr.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { gaussian, seededRandom } from '../algorithms/random.ts'
import { prepareItems } from '../algorithms/top-n-items.ts'
import { personalList } from './personal-list.ts'
import { personalScores } from './personal-scores.ts'

const workspace = new Workspace({ threads: 1 })

interface Shop {
  itemFactors: Float32Array
  vector: Float32Array
  popularity: Float32Array
  popularityShare: number
  n: number
}

function listOf({ itemFactors, vector, popularity, popularityShare, n }: Shop): [item: number, score: number][] {
  const mark = workspace.mark()
  try {
    const items = prepareItems(workspace, { itemFactors, factors: vector.length })
    const popular = [...popularity.entries()].filter(([, value]) => value > 0)
    const list = personalList(workspace, { items, vector, popular, popularityShare, n })
    return Array.from(list.items, (item, place) => [item, list.scores[place]!])
  } finally {
    workspace.free(mark)
  }
}

/** Every item scored by `personalScores`, sorted. */
function straightListOf({ itemFactors, vector, popularity, popularityShare, n }: Shop): [number, number][] {
  const model = { factors: vector.length, users: 1, items: popularity.length, userFactors: vector, itemFactors }
  const score = personalScores({ factors: model, popularity, popularityShare })
  const exclude = csrFromTriples({ rows: 1, columns: popularity.length, rowOf: [], columnOf: [], valueOf: [] })
  const list = straightTopN({ factors: model, n, exclude, score, positiveOnly: true })
  return Array.from(list.items.slice(0, list.counts[0]), (item, place) => [item, list.scores[place]!])
}

function randomShop(of: { items: number; factors: number; n: number; share: number; popular: number; seed: number }) {
  const { items, factors, n, share: popularityShare, popular } = of
  const random = seededRandom(of.seed)
  const draw = (length: number) => Float32Array.from({ length }, () => gaussian(random))
  const popularity = Float32Array.from({ length: items }, () => (random() < popular ? 10 * random() : 0))
  return { itemFactors: draw(items * factors), vector: draw(factors), popularity, popularityShare, n }
}

test('the list is bit by bit what scoring every item gives', () => {
  const shops = fc.record({
    ...{ items: fc.integer({ min: 1, max: 300 }), factors: fc.integer({ min: 1, max: 20 }) },
    ...{ n: fc.integer({ min: 0, max: 320 }), seed: fc.nat() },
    ...{ share: fc.constantFrom(0, 0.3, 1), popular: fc.constantFrom(0, 0.1, 1) },
  })
  fc.assert(
    fc.property(shops, of => {
      const shop = randomShop(of)
      expect(listOf(shop)).toEqual(straightListOf(shop))
    }),
    { numRuns: 300 },
  )
})

test('popularity lifts an item that taste alone leaves out, and one against taste may come in', () => {
  const itemFactors = Float32Array.of(1, 0.9, 0.1, -0.2)
  const popularity = Float32Array.of(0, 0, 4, 2)
  const shop = { itemFactors, vector: Float32Array.of(2), popularity, popularityShare: 0.8, n: 2 }
  // .2·(.1) + .8, then .2·1; .2·(-.2) + .4 is above both of taste alone.
  expect(listOf(shop).map(([item, score]) => [item, score.toFixed(2)])).toEqual([
    [2, '0.82'],
    [3, '0.36'],
  ])
})

test('nobody knows what a user of whom nothing is known likes', () => {
  const shop = randomShop({ items: 5, factors: 3, n: 5, share: 0.5, popular: 1, seed: 1 })
  expect(listOf({ ...shop, vector: new Float32Array(3) })).toEqual([])
})

test('refuses a share that is none', () => {
  const shop = randomShop({ items: 5, factors: 3, n: 5, share: 1.5, popular: 1, seed: 1 })
  expect(() => listOf(shop)).toThrow('popularityShare must be from 0 to 1: current value is 1.5')
})
