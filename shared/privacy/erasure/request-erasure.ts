import { pseudonymOf } from '../../lake/build/pseudonym.ts'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Erasure } from '../../schemas/erasure.ts'
import type { Tombstone } from '../../schemas/tombstone.ts'
import { openErasures } from './open-erasures.ts'

/**
 * Keeps that a person is to be erased, behind a tombstone: from here on nothing more of the person is taken in. Asked again
 * before it is done, it is the same erasure.
 */
export async function requestErasure(
  { userId, requestedBy, pseudonymKey }: { userId: string; requestedBy: string; pseudonymKey: string },
  { documents, clock, uuid }: Pick<Ports, 'documents' | 'clock' | 'uuid'>,
): Promise<Erasure> {
  const pseudonym = pseudonymOf(userId, pseudonymKey)
  const known = (await openErasures(documents)).find(erasure => erasure.pseudonym === pseudonym)
  const now = new Date(clock()).toISOString()
  const id = known?.id ?? `erasure-${uuid().replaceAll('-', '')}`
  const tombstone: Tombstone = { id: pseudonym, kind: 'tombstone', erasure: id, erased_at: now }
  await documents.upsert(collections.tombstones, tombstone)
  if (known) return known
  const erasure: Erasure = {
    ...{ id, kind: 'erasure', pseudonym, status: 'waiting', requested_at: now, requested_by: requestedBy },
    user_ids: [userId],
  }
  await documents.upsert(collections.erasures, erasure)
  return erasure
}
