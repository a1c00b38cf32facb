import type { Ports } from '../ports.ts'
import { type CatalogueSnapshot, readCatalogueSnapshot } from '../publishing/catalogue-snapshot.ts'
import { type Item, isOffered } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'
import type { Catalogue } from '../sources/reads.ts'
import { type Fresh, fresh } from './fresh.ts'
import { isUnavailable } from './outage/within.ts'

/** Changes are asked for from a little earlier than the last look: the store's clock is not ours. */
const overlapSeconds = 5

/** A catalogue kept in memory: the last refresh's snapshot, then only what changed since is read (docs/decisions/0002). */
export function liveCatalogue(
  { documents, blobs, clock, log }: Pick<Ports, 'documents' | 'blobs' | 'clock' | 'log'>,
  { refreshMs, ...whenLate }: { refreshMs: number; waitMs?: number; late?: Set<string> },
): Fresh<Catalogue> {
  let since = 0
  return fresh<Catalogue>(
    async before => {
      const asked = Math.floor(clock() / 1000) - overlapSeconds
      const snapshot = before ? undefined : await snapshotAt(blobs, log)
      if (snapshot) since = snapshot.at - overlapSeconds
      const known = before?.items ?? snapshot?.items ?? new Map<string, Item>()
      let changed: ReadonlyMap<string, Item> | undefined
      try {
        changed = await changedItems(known, documents.query(collections.items, { changedSinceSeconds: since }))
      } catch (cause) {
        // A new instance in an outage lists what the last refresh knew; changes since are asked for at the next load.
        if (!snapshot || !isUnavailable(cause)) throw cause
        log.warn({ stage: 'serve', what: 'catalogue', state: 'snapshot', items: known.size, error: String(cause) })
        return indexed(known)
      }
      since = asked
      return before && !changed ? before : indexed(changed ?? known)
    },
    // What is sold out must not be shown for long: past twice the time a request waits for the news.
    { name: 'catalogue', ttlMs: refreshMs, maxAgeMs: 2 * refreshMs, ...whenLate, clock, log },
  )
}

/** The items as the pages have them; undefined when they say nothing new. Copied once something changed: most looks find nothing. */
async function changedItems(
  known: ReadonlyMap<string, Item>,
  pages: AsyncIterable<Item[]>,
): Promise<ReadonlyMap<string, Item> | undefined> {
  let changed: Map<string, Item> | undefined
  for await (const page of pages) {
    for (const item of page) {
      if (known.get(item.id)?.row_hash === item.row_hash) continue
      // A tombstone that was never known changes nothing, and is met again with each load.
      if (!isOffered(item) && !(changed ?? known).has(item.id)) continue
      changed ??= new Map(known)
      if (isOffered(item)) changed.set(item.id, item)
      else changed.delete(item.id)
    }
  }
  return changed
}

/** A snapshot that cannot be read costs time and nothing else: every document is read instead. */
async function snapshotAt(blobs: Ports['blobs'], log: Ports['log']): Promise<CatalogueSnapshot | undefined> {
  try {
    return await readCatalogueSnapshot(blobs)
  } catch (cause) {
    log.warn({ stage: 'serve', message: 'the catalogue’s snapshot cannot be read', error: String(cause) })
    return undefined
  }
}

/** Names are put in order when somebody asks: lists do not. */
function indexed(items: ReadonlyMap<string, Item>): Catalogue {
  let byName: readonly Item[] | undefined
  let categories: Catalogue['categories'] | undefined
  return {
    items,
    get byName() {
      byName ??= inOrder(items)
      return byName
    },
    get categories() {
      categories ??= sizesOf(items)
      return categories
    },
  }
}

function inOrder(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
}

/** The largest first; level ones by name. */
function sizesOf(items: ReadonlyMap<string, Item>): { name: string; items: number }[] {
  const sizes = new Map<string, number>()
  for (const { category } of items.values()) sizes.set(category, (sizes.get(category) ?? 0) + 1)
  return [...sizes]
    .map(([name, count]) => ({ name, items: count }))
    .sort((a, b) => b.items - a.items || (a.name < b.name ? -1 : 1))
}
