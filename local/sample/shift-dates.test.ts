import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readShop, type Shop } from './read-shop.ts'
import { shiftDates } from './shift-dates.ts'
import { writeTinyShop } from './tiny-shop.ts'

const weekMs = 7 * 24 * 3600 * 1000
let shop: Shop
beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'shift-'))
  await writeTinyShop(dir)
  shop = await readShop(dir)
  await rm(dir, { recursive: true })
})

const times = (of: Shop) => of.orders.map(({ orderedAt }) => Date.parse(orderedAt))

describe('shiftDates()', () => {
  test.each(['2026-03-29T01:30:00Z', '2026-11-20T12:00:00Z', '2011-11-15T16:30:00Z', '2011-11-15T16:29:59Z'])(
    'brings the newest order into the week before %s by whole weeks, the same for all',
    text => {
      const now = new Date(text)
      const shifted = shiftDates(shop, now)
      const steps = times(shifted).map((time, position) => time - (times(shop)[position] ?? 0))
      expect(new Set(steps).size).toBe(1)
      expect((steps[0] ?? Number.NaN) % weekMs).toBe(0)
      const age = now.getTime() - Math.max(...times(shifted))
      expect(age).toBeGreaterThanOrEqual(0)
      expect(age).toBeLessThan(weekMs)
    },
  )

  test("changes the file's time column alone, in the same way, and leaves the original as it was", () => {
    const shifted = shiftDates(shop, new Date('2011-11-22T20:00:00Z'))
    expect(shifted.tables.orders.rows[0]).toEqual(['1', 'anna', '2011-11-15T10:00:00Z', 'mug', '2', '4.5'])
    expect(shop.tables.orders.rows[0]?.[2]).toBe('2011-11-01T10:00:00Z')
    expect(shifted.tables.products).toBe(shop.tables.products)
  })

  test('leaves a time it cannot read as it stands, for the app to judge', () => {
    const orders = { ...shop.tables.orders, rows: [['9', 'anna', 'yesterday', 'mug', '1', '1'], ['short']] }
    const shifted = shiftDates({ ...shop, tables: { ...shop.tables, orders } }, new Date('2026-01-01T00:00:00Z'))
    expect(shifted.tables.orders.rows).toEqual(orders.rows)
  })

  test('never moves dates back, and moves none when the shop does not ask for it', () => {
    expect(shiftDates(shop, new Date('2011-11-01T00:00:00Z'))).toBe(shop)
    const fixed = { ...shop, info: { ...shop.info, shift_dates_to_now: false } }
    expect(shiftDates(fixed, new Date('2026-01-01T00:00:00Z'))).toBe(fixed)
  })
})
