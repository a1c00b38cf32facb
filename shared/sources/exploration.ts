import { seededRandom } from '../algorithms/random.ts'
import type { Item } from '../schemas/catalogue.ts'
import type { Candidate, Source } from './source.ts'

const ids = new WeakMap<ReadonlyMap<string, Item>, readonly string[]>()

/** Items drawn by chance, each with the same probability: what nobody saw cannot be known to be good (M13). */
export const exploration: Source = {
  name: 'exploration',
  rung: 'catalogue',
  build: () => [],
  read: async ({ items, isWanted, n, seed }) => {
    const all = ids.get(items) ?? [...items.keys()].sort()
    ids.set(items, all)
    const random = seededRandom(seedNumber(seed))
    const drawn = new Map<string, Candidate>()
    // A catalogue of which little is wanted is not drawn from for ever.
    for (let draw = 0; draw < 4 * n + 100 && drawn.size < Math.min(n, all.length); draw++) {
      const itemId = all[Math.floor(all.length * random())]
      if (itemId === undefined || drawn.has(itemId) || !isWanted(itemId)) continue
      drawn.set(itemId, { itemId, score: 1, evidence: { type: 'exploration' } })
    }
    return [...drawn.values()]
  },
}

/** A number for the generator from a text: FNV-1a, 32 bits. */
export function seedNumber(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  return hash >>> 0
}
