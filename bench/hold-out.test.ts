import { expect, test } from 'vitest'
import { holdOut } from './hold-out.ts'
import { shopMatrix } from './shop-matrix.ts'

const shop = shopMatrix({ users: 500, items: 2_000, perUser: 20, seed: 1 })

test('holdOut() divides the entries and leaves every user one to learn from', () => {
  const { train, test: held } = holdOut(shop, { share: 0.5, seed: 1 })
  expect(train.indices.length + held.indices.length).toBe(shop.indices.length)
  expect(held.indices.length / shop.indices.length).toBeCloseTo(0.5, 1)
  for (let user = 0; user < shop.rows; user++) {
    const learned = train.indices.subarray(train.indptr[user], train.indptr[user + 1])
    const kept = held.indices.subarray(held.indptr[user], held.indptr[user + 1])
    expect(learned.length).toBeGreaterThan(0)
    const all = [...learned, ...kept].sort((a, b) => a - b)
    expect(all).toEqual([...shop.indices.subarray(shop.indptr[user], shop.indptr[user + 1])])
  }
})

test('shopMatrix() gives the first tenth of the items far more than a tenth of the entries', () => {
  const counts = new Uint32Array(shop.columns)
  for (const item of shop.indices) counts[item]! += 1
  const sorted = counts.toSorted((a, b) => b - a)
  const first = sorted.subarray(0, shop.columns / 10).reduce((sum, count) => sum + count, 0)
  expect(first / shop.indices.length).toBeGreaterThan(0.3)
  expect(shop.indices.length / shop.rows).toBeCloseTo(20, -0.7)
})
