import { pseudonymOf } from '../../lake/build/pseudonym.ts'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Tombstone } from '../../schemas/tombstone.ts'

/**
 * Lets somebody who was erased come back under the same id: what happens from now on is kept again, what happened before
 * never. Undefined of who was not erased, or is back already.
 */
export async function liftTombstone(
  userId: string,
  pseudonymKey: string,
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): Promise<Tombstone | undefined> {
  const key = { id: pseudonymOf(userId, pseudonymKey), partition: 'tombstone' }
  const stored = await documents.read(collections.tombstones, key)
  if (!stored || stored.document.lifted_at !== undefined) return undefined
  const lifted: Tombstone = { ...stored.document, lifted_at: new Date(clock()).toISOString() }
  return (await documents.replace(collections.tombstones, lifted, stored.etag)) && lifted
}
