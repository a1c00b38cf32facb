import { decayedValue } from '../algorithms/popularity.ts'
import { popularityWeights } from '../schemas/counters.ts'
import type { Candidate, Reason } from './candidate.ts'
import type { Shop } from './shop.ts'

/**
 * Items by decayed popularity (M18), best first with scores relative to the best: purchases from files as of the live
 * generation plus what the stream has counted up to now, of the whole shop or of one category.
 */
export async function popularItems(shop: Shop, category?: string): Promise<Candidate[]> {
  const [catalogue, live, counters] = await Promise.all([shop.catalogue(), shop.live(), shop.counters()])
  const batch = live && (await shop.popularity(category, live.generation))
  // Ranks do not depend on the moment all values refer to; the newest one keeps an old shop's values above zero.
  const now = Math.max(batch?.at ?? 0, ...counters.map(({ at }) => at))
  const values = new Map<string, number>()
  const add = (itemId: string, value: number, at: number) => {
    if (category !== undefined && catalogue.items.get(itemId)?.category !== category) return
    values.set(itemId, (values.get(itemId) ?? 0) + decayedValue({ value, at }, now, shop.halfLifeMs))
  }
  for (const { at, values: counted } of counters) {
    for (const [itemId, value] of Object.entries(counted)) add(itemId, value, at)
  }
  for (const [itemId, value] of batch?.items ?? []) add(itemId, value * popularityWeights.purchase, batch?.at ?? now)

  const ranked = [...values].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const best = ranked[0]?.[1] ?? 1
  const reason: Reason =
    category === undefined
      ? { code: 'trending', text: 'Trending now' }
      : { code: 'popular_in_category', text: `Popular in ${category}` }
  return ranked.map(([itemId, value]) => ({ itemId, score: best > 0 ? value / best : 0, reason }))
}
