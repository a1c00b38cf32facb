import { describe, expect, test } from 'vitest'
import { decodeRepurchase, dueness, encodeRepurchase, repurchase } from './repurchase.ts'

const day = 86_400
const [coffee, soap, lamp] = [0, 1, 2] as const
/** Coffee and soap are groceries, the lamp is furniture. */
const shop = { users: 50, items: 3, categoryOf: [0, 0, 1], categories: 2 }

/** Purchases in the order of time. */
function bought(...purchases: [user: number, item: number, day: number][]) {
  const sorted = purchases.toSorted(([, , a], [, , b]) => a - b)
  const made = repurchase(
    {
      user: sorted.map(([user]) => user),
      item: sorted.map(([, item]) => item),
      at: sorted.map(([, , at]) => at * day),
    },
    shop,
  )
  return made
}

describe('intervals', () => {
  test('are the medians of gaps, drawn to the category and that to the shop', () => {
    // Gaps of coffee: 10, 10, 40 days; of soap: none; of the lamp: 160. Shop's median: √(10 × 40) = 20.
    const made = bought(
      ...([
        [0, coffee, 0],
        [0, coffee, 10],
        [0, coffee, 20],
        [1, coffee, 5],
        [1, coffee, 45],
        [2, soap, 3],
        [3, lamp, 0],
        [3, lamp, 160],
      ] satisfies [number, number, number][]),
    )
    const shopMedian = Math.log(20)
    const groceries = (3 * Math.log(10) + 5 * shopMedian) / 8
    const furniture = (Math.log(160) + 5 * shopMedian) / 6
    expect(made?.intervalDays[coffee]).toBeCloseTo(Math.exp((3 * Math.log(10) + 5 * groceries) / 8), 4)
    expect(made?.intervalDays[soap]).toBeCloseTo(Math.exp(groceries), 4)
    expect(made?.intervalDays[lamp]).toBeCloseTo(Math.exp((Math.log(160) + 5 * furniture) / 6), 4)
  })

  test('of an item with many gaps are its own', () => {
    const made = bought(
      ...Array.from({ length: 50 }, (_, user) =>
        [0, 7, 14, 21].map((at): [number, number, number] => [user, coffee, at]),
      ).flat(),
      [0, lamp, 0],
      [0, lamp, 365],
    )
    expect(made?.intervalDays[coffee]).toBeCloseTo(7, 1)
    expect(made?.spread).toBeGreaterThanOrEqual(0.25)
  })

  test('take purchases on one day for one, and users apart', () => {
    const twice = bought([0, coffee, 0], [0, coffee, 0.1], [0, coffee, 10], [1, coffee, 3])
    expect(twice?.intervalDays[coffee]).toBeCloseTo(10, 4)
    expect(bought([0, coffee, 0], [0, coffee, 0.1], [1, coffee, 30])).toBeUndefined()
    expect(bought()).toBeUndefined()
  })

  test('tell how many buy again: an item’s own share, drawn to the category’s and that to the shop’s', () => {
    const made = bought([0, coffee, 0], [0, coffee, 10], [0, coffee, 30], [1, coffee, 3], [2, lamp, 0], [3, lamp, 0])
    const shopShare = 1 / 4
    const groceries = (1 + 20 * shopShare) / 22
    expect(made?.repeatShare[coffee]).toBeCloseTo((1 + 20 * groceries) / 22, 6)
    expect(made?.repeatShare[soap]).toBeCloseTo(groceries, 6)
    expect(made?.repeatShare[lamp]).toBeLessThan(made?.repeatShare[soap] ?? 0)
  })

  test('are read from bytes as they were', () => {
    const made = bought([0, coffee, 0], [0, coffee, 10])
    if (!made) throw new Error('Coffee was bought again')
    expect(decodeRepurchase(encodeRepurchase(made))).toEqual(made)
  })
})

test('dueness() is 1 at the interval, little right after a purchase and long after it', () => {
  const of = { intervalDays: 30, spread: 0.5 }
  expect(dueness(30, of)).toBe(1)
  expect(dueness(15, of)).toBeCloseTo(dueness(60, of), 12)
  expect(dueness(60, of)).toBeCloseTo(Math.exp(-0.5 * (Math.LN2 / 0.5) ** 2), 12)
  expect(dueness(1, of)).toBeLessThan(1e-9)
  expect([dueness(0, of), dueness(-1, of), dueness(1000, of)].every(value => value < 1e-9)).toBe(true)
})
