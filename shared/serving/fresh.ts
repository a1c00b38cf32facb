import type { Clock, Log } from '../ports.ts'

export interface Freshness {
  ttlMs: number
  /** An older value is not served any more; ten times `ttlMs` unless told. */
  maxAgeMs?: number
  clock: Clock
  log: Log
}

/**
 * Remembers what `load` gave for `ttlMs`; callers at the same moment share one load. Past that age the old value is
 * still served once more per load under way, so that no request waits for a refresh after the first.
 * A failed refresh keeps the old value and is tried again by the next caller; a failed first load rejects.
 */
export function fresh<T>(
  load: (before: T | undefined) => Promise<T>,
  { ttlMs, maxAgeMs = ttlMs * 10, clock, log }: Freshness,
): () => Promise<T> {
  let held: { value: T; at: number } | undefined
  let loading: Promise<T> | undefined
  const reload = (): Promise<T> => {
    loading ??= load(held?.value)
      .then(value => {
        held = { value, at: clock() }
        return value
      })
      .finally(() => {
        loading = undefined
      })
    return loading
  }
  return async () => {
    if (!held) return reload()
    const { value, at } = held
    const age = clock() - at
    if (age < ttlMs) return value
    if (age > maxAgeMs) return reload()
    reload().catch(cause => log.warn({ stage: 'serve', staleMs: age, error: String(cause) }))
    return value
  }
}
