import type { ConditionalWrite, DocumentKey, Documents } from '../../ports.ts'
import type { Collection } from '../../schemas/collections.ts'

const lostRacesMax = 20

/**
 * Brings many documents to what `after` makes of what is stored; undefined leaves one as it is. Writes are conditional on
 * what was read: one that was lost to another writer is decided anew. Resolves to the number of documents written.
 */
export async function updateDocuments<T, Entry>(
  collection: Collection<T>,
  entries: readonly Entry[],
  of: { keyOf: (entry: Entry) => DocumentKey; after: (entry: Entry, before: T | undefined) => T | undefined },
  documents: Documents,
): Promise<number> {
  let waiting = entries
  let count = 0
  for (let races = 0; waiting.length > 0; races++) {
    if (races === lostRacesMax) {
      throw new Error(
        `Cannot update ${collection.container}: ${races} conditional writes in a row lost to another writer`,
      )
    }
    const before = await documents.readAll(collection, waiting.map(of.keyOf))
    const behind: Entry[] = []
    const writes: ConditionalWrite<T>[] = []
    for (const [index, entry] of waiting.entries()) {
      const document = of.after(entry, before[index]?.document)
      if (document === undefined) continue
      behind.push(entry)
      writes.push({ document, etag: before[index]?.etag })
    }
    const written = writes.length === 0 ? [] : await documents.writeAll(collection, writes)
    count += written.filter(Boolean).length
    waiting = behind.filter((_, index) => !written[index])
  }
  return count
}
