import type { Item } from '../schemas/catalogue.ts'
import type { Candidate, Source } from './source.ts'

/** By the catalogue or the pool whose items they are. */
const ranked = new WeakMap<object, readonly string[]>()

/** Everything there is, the newest first: what a list is filled up with when nothing else speaks for an item. */
export const wholeCatalogue: Source = {
  name: 'catalogue',
  rung: 'catalogue',
  build: () => [],
  read: async ({ items, pool, isWanted, n }) => {
    const found: Candidate[] = []
    for (const itemId of byAge(items, pool)) {
      if (found.length >= n) break
      if (isWanted(itemId)) found.push({ itemId, score: 1 / (1 + found.length), evidence: { type: 'catalogue' } })
    }
    return found
  },
}

function byAge(items: ReadonlyMap<string, Item>, pool?: readonly string[]): readonly string[] {
  const known = ranked.get(pool ?? items)
  if (known) return known
  const age = (id: string) => items.get(id)?.added_at ?? 0
  const ids = [...(pool ?? items.keys())].sort((a, b) => age(b) - age(a) || (a < b ? -1 : 1))
  ranked.set(pool ?? items, ids)
  return ids
}
