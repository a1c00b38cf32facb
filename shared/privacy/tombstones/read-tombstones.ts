import type { Documents } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Tombstone } from '../../schemas/tombstone.ts'

/** Everybody who was erased, by pseudonym; with a second since 1970, those written since then. */
export async function readTombstones(
  documents: Documents,
  changedSinceSeconds?: number,
): Promise<ReadonlyMap<string, Tombstone>> {
  const found = new Map<string, Tombstone>()
  const since = changedSinceSeconds === undefined ? {} : { changedSinceSeconds }
  for await (const page of documents.query(collections.tombstones, { partition: 'tombstone', ...since })) {
    for (const tombstone of page) found.set(tombstone.id, tombstone)
  }
  return found
}

/** Whether what happened at a moment, in ms since 1970, is refused; without a moment, whether anything of now is. */
export function isRefused(tombstone: Tombstone | undefined, atMs?: number): boolean {
  if (!tombstone) return false
  if (tombstone.lifted_at === undefined) return true
  return atMs !== undefined && atMs < Date.parse(tombstone.lifted_at)
}
