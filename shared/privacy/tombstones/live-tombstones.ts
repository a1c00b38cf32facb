import { pseudonymOf } from '../../lake/build/pseudonym.ts'
import type { Ports } from '../../ports.ts'
import type { Tombstone } from '../../schemas/tombstone.ts'
import { isRefused, readTombstones } from './read-tombstones.ts'

/** An instance that takes in or lists anything knows a new tombstone after this, and the time of one read. */
export const tombstonesMs = 2_000
/** Changes are asked for from a little earlier than the last look: the store's clock is not ours. */
const overlapSeconds = 60

/** Who was erased, as of a moment. */
export interface Tombstones {
  /** Whether what a person of this id did at a moment is refused, in ms since 1970; without one, whether it is now. */
  refuses(userId: string, atMs?: number): boolean
}

/** Nobody was erased. */
export const noTombstones: Tombstones = { refuses: () => false }

export interface LiveTombstones {
  /** As of at most `tombstonesMs` ago. @throws what the store throws, when it cannot be asked */
  current(): Promise<Tombstones>
  /** What was known last, however old while the store cannot be asked; undefined when it never could. */
  lastKnown(): Promise<Tombstones | undefined>
  /** The same without waiting: undefined also when nobody has asked yet. */
  atHand(): Tombstones | undefined
}

/** Keeps everybody who was erased in memory, some hundred bytes each: after the first look only what changed is read. */
export function liveTombstones(
  pseudonymKey: string,
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): LiveTombstones {
  const byPseudonym = new Map<string, Tombstone>()
  const refuses = (userId: string, atMs?: number) =>
    byPseudonym.size > 0 && isRefused(byPseudonym.get(pseudonymOf(userId, pseudonymKey)), atMs)
  const known: Tombstones = { refuses }
  let lookedAt: number | undefined
  let looking: Promise<Tombstones> | undefined
  const look = async (): Promise<Tombstones> => {
    const at = clock()
    const since = lookedAt === undefined ? undefined : Math.floor(lookedAt / 1000) - overlapSeconds
    for (const [id, tombstone] of await readTombstones(documents, since)) byPseudonym.set(id, tombstone)
    lookedAt = at
    return known
  }
  const current = async (): Promise<Tombstones> => {
    if (lookedAt !== undefined && clock() - lookedAt < tombstonesMs) return known
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  return {
    current,
    atHand: () => {
      // Asked for meanwhile; while that fails, what was known last is all there is.
      current().catch(() => undefined)
      return lookedAt === undefined ? undefined : known
    },
    lastKnown: async () => {
      const asked = current().catch(() => (lookedAt === undefined ? undefined : known))
      return lookedAt === undefined ? asked : known
    },
  }
}
