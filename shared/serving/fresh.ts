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

/**
 * Remembers what `load` gave for `ttlMs`; callers at the same moment share one load. Past that age the old value is
 * still served once more per load under way, so that no request waits for a refresh after the first; past `maxAgeMs` a
 * request waits for the news, and gets the last good value when there are none. A refresh that failed is tried again by the
 * next caller; a failed first load rejects. That loads fail, or no longer do, is logged once.
 */
export function fresh<T>(
  load: (before: T | undefined) => Promise<T>,
  { name, ttlMs, maxAgeMs = ttlMs * 10, waitMs = 1_000, late = new Set(), clock, log }: Freshness,
): () => Promise<T> {
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
  return async () => {
    if (!held) return reload()
    const { value, at } = held
    const age = clock() - at
    if (age < ttlMs) return value
    const reloaded = reload()
    // Once one has waited in vain, the others do not: until a load succeeds.
    if (age <= maxAgeMs || late.has(name)) {
      // Its failure is logged by the load, and this caller has a value.
      reloaded.catch(() => undefined)
      return value
    }
    try {
      return await within(reloaded, waitMs, name)
    } catch {
      // The last good value is better than none, and the answer says so.
      late.add(name)
      return value
    }
  }
}
