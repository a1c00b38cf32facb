import { expect, test } from 'vitest'
import { goLive, shopByHand } from '../../tests/served-shop.ts'
import { collections } from '../schemas/collections.ts'
import { Placement } from '../schemas/placements.ts'
import { shop } from './shop.ts'

test('nothing is left to chance while exploring is switched off, whatever the placements say', async () => {
  const { ports } = await shopByHand()
  await goLive(ports)
  const home = Placement.parse({ sources: [{ source: 'als', weight: 1 }], exploration: 0.5 })
  await ports.documents.upsert(collections.placements, { id: 'placements', placements: { home } })
  const explorationOf = async (options: { explores?: () => boolean }) =>
    (await shop(ports, { halfLifeMs: 1, ...options }).placements()).home.exploration
  expect(await explorationOf({})).toBe(0.5)
  expect(await explorationOf({ explores: () => true })).toBe(0.5)
  expect(await explorationOf({ explores: () => false })).toBe(0)
})
