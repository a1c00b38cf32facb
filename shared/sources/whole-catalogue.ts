import type { Item } from '../schemas/catalogue.ts'
import type { Candidate, Source } from './source.ts'

const ranked = new WeakMap<ReadonlyMap<string, Item>, readonly string[]>()

/** Everything there is, the newest first: what a list is filled up with when nothing else speaks for an item. */
export const wholeCatalogue: Source = {
  name: 'catalogue',
  rung: 'catalogue',
  build: () => [],
  read: async ({ items, isWanted, n }) => {
    const found: Candidate[] = []
    for (const itemId of byAge(items)) {
      if (found.length >= n) break
      if (isWanted(itemId)) found.push({ itemId, score: 1 / (1 + found.length), evidence: { type: 'catalogue' } })
    }
    return found
  },
}

function byAge(items: ReadonlyMap<string, Item>): readonly string[] {
  const known = ranked.get(items)
  if (known) return known
  const age = ({ added_at = 0 }: Item) => added_at
  const ids = [...items.values()].sort((a, b) => age(b) - age(a) || (a.id < b.id ? -1 : 1)).map(({ id }) => id)
  ranked.set(items, ids)
  return ids
}
