import { expect, test } from 'vitest'
import { nameHash } from './name-hash.ts'

test('nameHash() is a whole number of 48 bits, the same for the same name and for good', () => {
  expect(nameHash('22960')).toBe(nameHash('22960'))
  for (const name of ['', 'a', 'b', '22960', 'é', '😀']) {
    expect(Number.isSafeInteger(nameHash(name))).toBe(true)
    expect(nameHash(name)).toBeGreaterThanOrEqual(0)
    expect(nameHash(name)).toBeLessThan(2 ** 48)
  }
  // Cursors that shops hold name items by it: another value would make them list items again.
  expect([nameHash('22960'), nameHash('SKU-é')]).toEqual([194_066_913_841_192, 41_759_295_315_461])
})

test('nameHash() tells a hundred thousand ids apart that differ little', () => {
  const ids = Array.from({ length: 100_000 }, (_, n) => (n % 2 === 0 ? `i${n}` : `SKU-${n}-A`))
  expect(new Set(ids.map(nameHash)).size).toBe(ids.length)
})

test('nameHash() spreads ids evenly over all of its bits', () => {
  const ones = new Float64Array(48)
  const ids = 20_000
  for (let n = 0; n < ids; n++) {
    const hash = nameHash(`i${n}`)
    for (let bit = 0; bit < 48; bit++) ones[bit] = (ones[bit] ?? 0) + (Math.floor(hash / 2 ** bit) % 2)
  }
  // Five standard deviations of a fair coin.
  for (const count of ones) expect(Math.abs(count - ids / 2)).toBeLessThan(5 * Math.sqrt(ids / 4))
})
