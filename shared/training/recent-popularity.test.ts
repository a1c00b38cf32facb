import { expect, test } from 'vitest'
import { recentPopularity } from './recent-popularity.ts'

const day = 86_400

test('a sale counts half after a half-life, a quarter after two, and sales of an item add up', () => {
  const sales = { item: [0, 0, 2], at: [10 * day, 7 * day, 4 * day] }
  const values = recentPopularity(sales, { items: 3, until: 10 * day, halfLifeMs: 3 * day * 1000 })
  expect([...values]).toEqual([1.5, 0, 0.25])
})

test('without sales every item has popularity 0', () => {
  expect([...recentPopularity({ item: [], at: [] }, { items: 2, until: 0, halfLifeMs: 1 })]).toEqual([0, 0])
})
