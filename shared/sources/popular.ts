import { decayedValue } from '../algorithms/popularity.ts'
import { type CountersDocument, popularityWeights } from '../schemas/counters.ts'
import type { LivePointer } from '../schemas/published.ts'
import type { Evidence } from './evidence.ts'
import type { Catalogue, Reads } from './reads.ts'
import type { Ask, Candidate } from './source.ts'

/** Ranked lists by generation and category, for as long as the counters they were ranked by are the latest. */
const ranked = new WeakMap<readonly CountersDocument[], Map<string, { catalogue: Catalogue; items: Candidate[] }>>()

/**
 * Items by decayed popularity (M18), best first with scores relative to the best: purchases from files as of the live
 * generation plus what the stream has counted up to now, of the whole shop or of one category. Ranked once for the
 * counters, generation and catalogue at hand, as every newcomer asks for the same.
 */
export async function popularItems(reads: Reads, category?: string): Promise<readonly Candidate[]> {
  const [catalogue, live, counters] = await Promise.all([reads.catalogue(), reads.live(), reads.counters()])
  const lists = ranked.get(counters) ?? new Map<string, { catalogue: Catalogue; items: Candidate[] }>()
  ranked.set(counters, lists)
  const key = JSON.stringify([live?.generation, category])
  const known = lists.get(key)
  if (known?.catalogue === catalogue) return known.items
  const items = await rankedItems({ catalogue, live, counters, category, reads })
  lists.set(key, { catalogue, items })
  return items
}

async function rankedItems(of: {
  catalogue: Catalogue
  live: LivePointer | undefined
  counters: readonly CountersDocument[]
  category: string | undefined
  reads: Reads
}): Promise<Candidate[]> {
  const { catalogue, live, counters, category, reads } = of
  const batch = live && (await reads.popularity(category, live.generation))
  // Ranks do not depend on the moment all values refer to; the newest one keeps an old shop's values above zero.
  const now = Math.max(batch?.at ?? 0, ...counters.map(({ at }) => at))
  const values = new Map<string, number>()
  const add = (itemId: string, value: number, at: number) => {
    if (category !== undefined && catalogue.items.get(itemId)?.category !== category) return
    values.set(itemId, (values.get(itemId) ?? 0) + decayedValue({ value, at }, now, reads.halfLifeMs))
  }
  for (const { at, values: counted } of counters) {
    for (const [itemId, value] of Object.entries(counted)) add(itemId, value, at)
  }
  for (const [itemId, value] of batch?.items ?? []) add(itemId, value * popularityWeights.purchase, batch?.at ?? now)

  const byValue = [...values].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const best = byValue[0]?.[1] ?? 1
  const evidence: Evidence = category === undefined ? { type: 'trending' } : { type: 'category', category }
  return byValue.map(([itemId, value]) => ({ itemId, score: best > 0 ? value / best : 0, evidence }))
}

/** As many of a ranked list as are of use, of those that are wanted: the rest is not even looked at. */
export function wantedOf(ranked: readonly Candidate[], { isWanted, n }: Pick<Ask, 'isWanted' | 'n'>): Candidate[] {
  const found: Candidate[] = []
  for (const candidate of ranked) {
    if (found.length >= n) break
    if (candidate.score > 0 && isWanted(candidate.itemId)) found.push(candidate)
  }
  return found
}
