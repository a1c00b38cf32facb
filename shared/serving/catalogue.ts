import type { Ports } from '../ports.ts'
import { type Item, isOffered } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'
import type { Catalogue } from '../sources/reads.ts'
import { fresh } from './fresh.ts'

const refreshMs = 5_000
/** Changes are asked for from a little earlier than the last look: the store's clock is not ours. */
const overlapSeconds = 5

/** A catalogue kept in memory: loaded once, then only what changed since is read (docs/decisions/0002). */
export function liveCatalogue({
  documents,
  clock,
  log,
}: Pick<Ports, 'documents' | 'clock' | 'log'>): () => Promise<Catalogue> {
  let since = 0
  return fresh<Catalogue>(
    async before => {
      const asked = Math.floor(clock() / 1000) - overlapSeconds
      const items = new Map(before?.items)
      let changed = 0
      for await (const page of documents.query(collections.items, { changedSinceSeconds: since })) {
        for (const item of page) {
          if (before?.items.get(item.id)?.row_hash === item.row_hash) continue
          if (isOffered(item)) items.set(item.id, item)
          // A tombstone that was never known changes nothing, and is met again with each load.
          else if (!items.delete(item.id)) continue
          changed += 1
        }
      }
      since = asked
      return before && changed === 0 ? before : indexed(items)
    },
    { ttlMs: refreshMs, clock, log },
  )
}

function indexed(items: ReadonlyMap<string, Item>): Catalogue {
  const byName = [...items.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
  const sizes = new Map<string, number>()
  for (const { category } of byName) sizes.set(category, (sizes.get(category) ?? 0) + 1)
  const categories = [...sizes].map(([name, count]) => ({ name, items: count })).sort((a, b) => b.items - a.items)
  return { items, byName, categories }
}
