import type { ItemNeighboursValue, ScoredItem } from '../schemas/published.ts'
import type { Evidence } from './evidence.ts'
import { type Seed, seedsOf } from './seeds.ts'
import type { Ask, Candidate } from './source.ts'

type By = Extract<Evidence, { type: 'neighbour' }>['by']

/**
 * Neighbours of the seeds, each by its similarity relative to the seed's nearest and by how much the seed counts; the evidence
 * is the seed that added most. Best first with scores relative to the best.
 */
export async function neighboursOfSeeds(
  ask: Ask,
  { by, of }: { by: By; of: (value: ItemNeighboursValue) => readonly ScoredItem[] },
): Promise<Candidate[]> {
  const { live, reads } = ask
  if (!live) return []
  const seeds = seedsOf(ask)
  const lists = await Promise.all(seeds.map(({ itemId }) => reads.neighbours(itemId, live.generation)))
  const found = new Map<string, { score: number; most: number; seed: Seed; similarity: number }>()
  const own = new Set(ask.seeds)
  for (const [place, seed] of seeds.entries()) {
    const value = lists[place]
    const neighbours = value ? of(value) : []
    const nearest = neighbours[0]?.[1] ?? 1
    for (const [itemId, similarity] of neighbours) {
      if (own.has(itemId) || !ask.isWanted(itemId)) continue
      const added = (seed.weight * similarity) / nearest
      if (!(added > 0)) continue
      const before = found.get(itemId)
      if (!before) found.set(itemId, { score: added, most: added, seed, similarity })
      else if (added > before.most) found.set(itemId, { score: before.score + added, most: added, seed, similarity })
      else before.score += added
    }
  }
  const ranked = [...found].sort(([a, x], [b, y]) => y.score - x.score || (a < b ? -1 : 1))
  const best = ranked[0]?.[1].score ?? 1
  return ranked.map(([itemId, { score, seed, similarity }]) => ({
    itemId,
    score: score / best,
    evidence: { type: 'neighbour', by, of: seed.itemId, similarity, ...(seed.did ? { did: seed.did } : {}) },
  }))
}
