import { pseudonymOf } from '../lake/build/pseudonym.ts'
import type { Ports } from '../ports.ts'
import { requestErasure } from '../privacy/erasure/request-erasure.ts'
import { readTombstones } from '../privacy/tombstones/read-tombstones.ts'
import type { BackupManifest } from '../schemas/backup.ts'
import { collections } from '../schemas/collections.ts'
import { StoredDocument } from './containers.ts'
import { type Place, readLines } from './place.ts'

/** Containers whose documents are each of a person, and the field that names it. */
const namedBy = { users: 'user_id', user_topn: 'id' } as const

/**
 * Asks to erase again whom the backup brought back: everybody whose erasure ended after the backup was begun. Nobody else
 * remembers their ids: they are found among those that came back, by their pseudonyms. Resolves to how many they are.
 */
export async function eraseAgain(
  manifest: BackupManifest,
  { from, pseudonymKey }: { from: Place; pseudonymKey: string },
  ports: Pick<Ports, 'documents' | 'clock' | 'uuid'>,
): Promise<number> {
  const erased = await erasedSince(manifest.started_at, ports)
  if (erased.size === 0) return 0
  const userIds = new Set<string>()
  for (const [container, field] of Object.entries(namedBy)) {
    const { parts = [] } = manifest.documents.find(of => of.container === container) ?? {}
    for (const part of parts) {
      for (const document of await readLines(part, StoredDocument, from)) {
        const userId = String(document[field])
        if (erased.has(pseudonymOf(userId, pseudonymKey))) userIds.add(userId)
      }
    }
  }
  for (const userId of userIds) await requestErasure({ userId, requestedBy: 'restore', pseudonymKey }, ports)
  return userIds.size
}

/** Pseudonyms of those whose erasure had not ended by a moment; who waits to be erased is erased anyway. */
async function erasedSince(startedAt: string, { documents }: Pick<Ports, 'documents'>): Promise<Set<string>> {
  const endedAt = new Map<string, string>()
  for await (const page of documents.query(collections.erasures, { partition: 'erasure' })) {
    for (const { id, completed_at: at } of page) if (at !== undefined) endedAt.set(id, at)
  }
  const found = [...(await readTombstones(documents)).values()]
  return new Set(
    found.filter(({ erasure, erased_at: at }) => (endedAt.get(erasure) ?? at) >= startedAt).map(({ id }) => id),
  )
}
