import type { PlacementName } from '../schemas/placements.ts'
import type { Shop } from './shop.ts'

/** The shop for lists that are made ahead: nothing of a placement is left to chance, and nobody has seen them yet. */
export async function unseen(placement: PlacementName, shop: Shop): Promise<Shop> {
  const placements = await shop.placements()
  const own = { ...placements[placement], exploration: 0, log_impressions: false }
  return { ...shop, placements: async () => ({ ...placements, [placement]: own }) }
}
