import { expect, test } from 'vitest'
import { csrFromTriples } from '../algorithms/csr.ts'
import { buyAgainRecommender } from './buy-again-recommender.ts'

const day = 86_400
const [coffee, lamp] = [0, 1] as const

test('what is due again comes before what was bought just now, and a stranger is not known', () => {
  // Users 1 to 3 buy coffee every ten days; user 0 bought coffee ten days ago and a lamp today.
  const purchases = [
    ...[1, 2, 3].flatMap(user => [70, 80, 90].map(at => ({ user, item: coffee as number, at: at * day }))),
    { user: 0, item: coffee as number, at: 90 * day },
    { user: 0, item: lamp as number, at: 99.9 * day },
  ]
  const column = (name: 'user' | 'item' | 'at') => purchases.map(purchase => purchase[name])
  const sales = { user: column('user'), item: column('item'), at: column('at') }
  const train = csrFromTriples({
    ...{ rows: 5, columns: 2, rowOf: sales.user, columnOf: sales.item },
    valueOf: purchases.map(() => 1),
  })
  const { scoreItems } = buyAgainRecommender({ train, sales, until: 100 * day })
  const scores = new Float32Array(2)
  expect(scoreItems(0, scores)).toBe(true)
  expect(scores[coffee]).toBeGreaterThan(10 * scores[lamp]!)
  expect(scoreItems(4, scores)).toBe(false)
})
