import { isDeepStrictEqual } from 'node:util'
import type { Clock, Log } from '../ports.ts'
import { within } from './outage/within.ts'

export interface Freshness {
  /** What is loaded, in logs and in what an answer says it does without. */
  name: string
  ttlMs: number
  /** An older value is served only while no newer one can be had; ten times `ttlMs` unless told. */
  maxAgeMs?: number
  /** So long a caller waits for a newer value while there is one too old. */
  waitMs?: number
  /** Names of what is served older than it may be. */
  late?: Set<string>
  clock: Clock
  log: Log
}

/** What is remembered: asked for, or as it is at hand. */
export interface Fresh<T> {
  (): Promise<T>
  /** What a caller would be given without waiting; what has grown old is loaded meanwhile. Undefined when one would wait. */
  atHand(): { readonly value: T } | undefined
}

/** The same object as before where the news are no other: what was made from it stands. */
export async function orBefore<T>(before: T | undefined, loading: Promise<T>): Promise<T> {
  const now = await loading
  return before !== undefined && isDeepStrictEqual(before, now) ? before : now
}

/**
 * Remembers what `load` gave for `ttlMs`; callers at the same moment share one load. Past that age the old value is
 * still served once more per load under way, so that no request waits for a refresh after the first; past `maxAgeMs` a
 * request waits for the news, and gets the last good value when there are none. A refresh that failed is tried again by the
 * next caller; a failed first load rejects. That loads fail, or no longer do, is logged once.
 */
export function fresh<T>(
  load: (before: T | undefined) => Promise<T>,
  { name, ttlMs, maxAgeMs = ttlMs * 10, waitMs = 1_000, late = new Set(), clock, log }: Freshness,
): Fresh<T> {
  let held: { value: T; at: number } | undefined
  let loading: Promise<T> | undefined
  let isFailing = false
  const loaded = async (): Promise<T> => {
    try {
      // As of when it was asked for: what changes while it loads is not in it.
      const at = clock()
      const value = await load(held?.value)
      held = { value, at }
      late.delete(name)
      if (isFailing) log.info({ stage: 'serve', what: name, state: 'fresh' })
      isFailing = false
      return value
    } catch (cause) {
      if (held && !isFailing) {
        log.warn({ stage: 'serve', what: name, state: 'stale', staleMs: clock() - held.at, error: String(cause) })
      }
      isFailing = true
      throw cause
    } finally {
      loading = undefined
    }
  }
  const reload = (): Promise<T> => {
    loading ??= loaded()
    return loading
  }
  /** What is held, where nobody has to wait for what is newer: because it is young, or because news are not to be had. */
  const enough = (): { value: T; at: number } | undefined => {
    if (!held) return undefined
    const age = clock() - held.at
    if (age < ttlMs) return held
    // Its failure is logged by the load, and this caller has a value.
    reload().catch(() => undefined)
    return age <= maxAgeMs ? held : undefined
  }
  const ask = async (): Promise<T> => {
    const found = enough()
    if (found) return found.value
    const reloaded = reload()
    if (!held) return reloaded
    const { value } = held
    // Once one has waited in vain, the others do not: until a load succeeds.
    if (late.has(name)) return value
    try {
      return await within(reloaded, waitMs, name)
    } catch {
      // The last good value is better than none, and the answer says so.
      late.add(name)
      return value
    }
  }
  return Object.assign(ask, { atHand: () => (late.has(name) ? undefined : enough()) })
}
