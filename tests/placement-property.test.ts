import { expect, test } from 'vitest'
import { brokenPlacement } from './placement-holds.ts'

// All 10,000: npm run durability -- placements
test('no list of 300 shops, settings and requests by chance has what is forbidden, or less than there is', async () => {
  const broken: string[] = []
  let listed = 0
  for (let seed = 1; seed <= 300; seed++) {
    const of = await brokenPlacement(seed)
    broken.push(...of.broken)
    listed += of.listed
  }
  expect(broken).toEqual([])
  expect(listed).toBeGreaterThan(1000)
})
