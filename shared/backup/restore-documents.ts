import type { Ports } from '../ports.ts'
import type { BackedUpDocuments, BackupManifest } from '../schemas/backup.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import { asRestored } from './as-restored.ts'
import { keptContainers, StoredDocument } from './containers.ts'
import { forEachOf, type Place, readLines } from './place.ts'
import type { Steps } from './restore-steps.ts'

const batch = 100

/** The generation that was live; undefined before the first refresh. */
export async function liveGeneration(manifest: BackupManifest, from: Place): Promise<number | undefined> {
  const models = manifest.documents.find(({ container }) => container === collections.livePointer.container)
  for (const part of models?.parts ?? []) {
    const pointer = (await readLines(part, StoredDocument, from)).find(({ id }) => id === 'live')
    if (pointer) return collections.livePointer.schema.parse(pointer).generation
  }
  return undefined
}

/** Writes a container's documents back, over what is there; what is known of erasures is left as it is by now. */
export async function restoreDocuments(
  collection: Collection<StoredDocument>,
  of: { backedUp: BackedUpDocuments; live: number | undefined; from: Place; steps: Steps },
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): Promise<{ documents: number; expired: number }> {
  const { backedUp, live, from, steps } = of
  const keeps = keptContainers.includes(collection.container)
  const sum = { documents: 0, expired: 0 }
  for (const part of backedUp.parts) {
    let counts = steps.countsOf(part.path)
    if (!counts) {
      const moment = { live, now: clock() }
      const stored = await readLines(part, StoredDocument, from)
      const restored = stored.flatMap(document => asRestored(collection, document, moment) ?? [])
      const batches = Array.from({ length: Math.ceil(restored.length / batch) }, (_, index) =>
        restored.slice(index * batch, (index + 1) * batch),
      )
      await forEachOf(
        batches,
        async some => {
          const written = await documents.writeAll(
            collection,
            some.map(document => ({ document })),
          )
          if (keeps) return
          for (const [index, document] of some.entries()) {
            if (!written[index]) await documents.upsert(collection, document)
          }
        },
        4,
      )
      counts = { documents: restored.length, expired: stored.length - restored.length }
      await steps.done(part.path, counts)
    }
    sum.documents += counts.documents
    sum.expired += counts.expired
  }
  return sum
}
