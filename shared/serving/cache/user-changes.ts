import type { Change, Documents, Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { within } from '../outage/within.ts'

/** Replicas may be behind one another, and seconds are all a change's time has. */
const overlapSeconds = 1
/** The first question goes back as far as the store's clock may be behind ours. */
const clockSkewSeconds = 5
/** After so long without a look, and beyond so many changes, it costs less to read anew what is asked for. */
const gapMs = 60_000
const changesMax = 5_000
/** After so long a look counts as hanging, and what it would have vouched for is read instead. */
const soonMs = 500

export interface UserChanges {
  /** Asks what changed, if that was not asked just now; never waits and never fails. */
  look(): void
  /** Resolves when the look under way is done, if there is one and it does not take long. */
  soon(): Promise<void>
  /** Whether a look can tell if something read at that moment has changed since. */
  canTell(readAt: number): boolean
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
  let isFailing = false
  let looking: Promise<void> | undefined
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
      looking = undefined
    }
  }
  return {
    look: () => {
      const now = clock()
      // Who waits for it does without it when it takes too long; that it failed is logged.
      if (!looking && now - lookedAt >= everyMs) looking = within(look(now), soonMs, 'the look').catch(() => undefined)
    },
    soon: async () => looking,
    canTell: readAt => readAt >= knownFrom && clock() - knownUntil <= gapMs,
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
