import { describe, expect, test } from 'vitest'
import { type BlendSource, blend } from '../../algorithms/blend.ts'
import { csrFromTriples } from '../../algorithms/csr.ts'
import { seededRandom } from '../../algorithms/random.ts'
import { ndcgAtK } from '../../algorithms/ranking-metrics.ts'
import type { Recommender } from '../recommender.ts'
import { candidatesOf } from './candidates.ts'
import { hybridRecommender } from './hybrid-recommender.ts'
import { proposalsOf } from './proposals.ts'
import { mean, weighed, weighSources } from './weigh-sources.ts'

const size = { users: 60, items: 50 }
const random = seededRandom(3)
const held = csrFromTriples({
  ...{ rows: size.users, columns: size.items },
  rowOf: Array.from({ length: size.users }, (_, user) => user),
  columnOf: Array.from({ length: size.users }, (_, user) => (7 * user) % size.items),
  valueOf: Array(size.users).fill(1),
})
/** Sees what is held out of the users that it knows, and noise of a scale of its own. */
function source(sees: (user: number) => boolean, scale: number): Recommender {
  const noise = Array.from({ length: size.users * size.items }, () => random())
  return {
    ...{ algorithm: 'personal', parameters: {} },
    scoreItems: (user, scores) => {
      for (let item = 0; item < size.items; item++) scores[item] = scale * noise[user * size.items + item]!
      if (sees(user)) scores[(7 * user) % size.items] = 2 * scale
      return true
    },
  }
}
const listed = { excluded: undefined, wanted: undefined }
const even = source(user => user % 2 === 0, 1000)
const odd = source(user => user % 2 === 1, 0.001)
const blind = source(() => false, 1)

describe('weighSources()', () => {
  test('finds that two sources know different users, and leaves little to one that knows nothing', async () => {
    const proposals = await proposalsOf([even, odd, blind], { ...listed, held, usersMax: size.users })
    const { weights, ndcg } = weighSources(proposals, 3)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    expect(Math.min(weights[0]!, weights[1]!)).toBeGreaterThan(2 * weights[2]!)
    for (const alone of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]) {
      expect(mean(ndcg)).toBeGreaterThan(mean(weighed(proposals, alone).ndcg))
    }
  })

  test('is told the same of weights as blend() lists', async () => {
    const sources = [even, odd, blind]
    const proposals = await proposalsOf(sources, { ...listed, held, usersMax: size.users })
    const weights = [0.5, 0.3, 0.2]
    const { ndcg } = weighed(proposals, weights)
    for (let user = 0; user < size.users; user++) {
      const list = blend(sources.map((recommender, place) => proposing(recommender, user, weights[place]!)))
      const items = list.map(({ itemId }) => Number(itemId))
      expect(ndcg[user]).toBeCloseTo(ndcgAtK(items, new Set([(7 * user) % size.items]), 20), 12)
    }
  })

  test('refuses to weigh nothing', () => {
    expect(() => weighSources([], 2)).toThrow('Cannot weigh 2 sources by 0 users')
  })
})

describe('hybridRecommender()', () => {
  const sources = [
    { name: 'personal' as const, weight: 3, recommender: even },
    { name: 'popularity' as const, weight: 1, recommender: odd },
  ]

  test('lists what the sources propose as blend() has it, and after it what backfill says', () => {
    const few = csrFromTriples({ rows: 1, columns: size.items, rowOf: [0, 0], columnOf: [3, 4], valueOf: [1, 1] })
    const backfill: Recommender = { ...even, scoreItems: (_, scores) => scores.fill(0).set([0, 9, 5]) === undefined }
    const hybrid = hybridRecommender({ sources, excluded: undefined, wanted: few, items: size.items, backfill })
    const scores = new Float32Array(size.items)
    expect(hybrid.scoreItems(0, scores)).toBe(true)
    const best = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)
    expect(new Set(best.slice(0, 2))).toEqual(new Set([3, 4]))
    expect(best.slice(2, 5)).toEqual([1, 2, 0])
    expect(hybrid.parameters).toEqual({ weights: { personal: 3, popularity: 1 } })
  })
})

function proposing(recommender: Recommender, user: number, weight: number): BlendSource {
  const found = candidatesOf(recommender, user, { ...listed, scores: new Float32Array(size.items) })
  return {
    weight,
    candidates: Array.from(found.items, (item, at) => ({ itemId: `${item}`, score: found.scores[at]! })),
  }
}
