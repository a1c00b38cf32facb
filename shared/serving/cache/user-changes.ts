import type { Change, Documents, Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'

/** Replicas may be behind one another, and seconds are all a change's time has. */
const overlapSeconds = 1
/** The first question goes back as far as the store's clock may be behind ours. */
const clockSkewSeconds = 5
/** After so long without a look, and beyond so many changes, it costs less to read anew what is asked for. */
const gapMs = 60_000
const changesMax = 5_000

export interface UserChanges {
  /** Asks what changed, if that was not asked just now; never waits and never fails. */
  look(): void
  /** All changes up to this moment are known, ms since 1970. */
  readonly knownUntil: number
  /** Changes before this moment may have been missed: what was read earlier is not to be trusted. */
  readonly knownFrom: number
  /** Looks since the beginning. */
  readonly looks: number
}

/**
 * Follows what anybody writes of users, while somebody looks: an instance that is not used asks for nothing. A look is a query
 * by time, some 3 request units and as many again for a hundred changes; `everyMs` bounds how many there are.
 */
export function userChanges(
  { documents, clock, log }: Pick<Ports, 'clock' | 'log'> & { documents: Pick<Documents, 'changes'> },
  { everyMs, onChange }: { everyMs: number; onChange: (change: Change) => void },
): UserChanges {
  let [knownFrom, knownUntil, lookedAt, looks] = [Number.POSITIVE_INFINITY, 0, 0, 0]
  let newestSecond: number | undefined
  let [isLooking, isFailing] = [false, false]
  const begin = (at: number): void => {
    knownFrom = at
    newestSecond = undefined
  }
  const take = async (at: number): Promise<void> => {
    if (at - knownUntil > gapMs) begin(at)
    const since = newestSecond === undefined ? Math.floor(at / 1000) - clockSkewSeconds : newestSecond - overlapSeconds
    let [newest, count] = [newestSecond ?? 0, 0]
    for await (const page of documents.changes(collections.userDocuments, since)) {
      for (const change of page) {
        newest = Math.max(newest, change.second)
        onChange(change)
      }
      count += page.length
      if (count > changesMax) return begin(at)
    }
    if (newest > 0) newestSecond = newest
    knownUntil = at
  }
  const look = async (at: number): Promise<void> => {
    isLooking = true
    lookedAt = at
    looks += 1
    try {
      await take(at)
      isFailing = false
    } catch (cause) {
      // What is held counts as unverified from now on, which is how its reader learns of it.
      if (!isFailing) log.warn({ stage: 'serve', what: 'user_changes', state: 'stale', error: String(cause) })
      isFailing = true
    } finally {
      isLooking = false
    }
  }
  return {
    look: () => {
      const now = clock()
      if (!isLooking && now - lookedAt >= everyMs) void look(now)
    },
    get knownFrom() {
      return knownFrom
    },
    get knownUntil() {
      return knownUntil
    },
    get looks() {
      return looks
    },
  }
}
