import { z } from 'zod'
import type { Documents, Ports } from '../../ports.ts'
import { Breaker } from './breaker.ts'
import { isUnavailable, unavailable, within } from './within.ts'

export interface Budgets {
  /** A point read, or several at once. */
  readMs: number
  /** A page of a query. */
  pageMs: number
  /** What a list waits for reads, all in all; what comes later it does without. */
  listMs: number
}
/** Before a container has answered once, connections are still to be made and keys to be agreed on. */
const firstMs = 5_000

export interface GuardedDocuments {
  documents: Documents
  /** Whether something was asked for the first time and is not answered yet. */
  isSettling(): boolean
  /** By container: whether it is asked at the moment, and how many calls have failed. */
  states(): Record<string, { open: boolean; failed: number }>
}

/**
 * Documents for whoever cannot wait: reads take as long as the budget says and not longer, and a container that fails is not
 * asked for a while. Writes go through as they are. Whatever keeps a read from its answer is an AppError `unavailable`; what
 * is stored but wrong stays the error it is. A container that goes away, or comes back, is logged once.
 */
export function guardedDocuments(
  documents: Documents,
  of: Pick<Ports, 'clock' | 'log' | 'telemetry'> & { budgets: Omit<Budgets, 'listMs'> },
): GuardedDocuments {
  const { clock, log, telemetry, budgets } = of
  const breakers = new Map<string, Breaker>()
  const breakerOf = (container: string): Breaker => {
    const known = breakers.get(container)
    if (known) return known
    const made = new Breaker({
      ...{ dependency: container, clock, isFailure: cause => !isWrong(cause) },
      onChange: ({ open, failed, cause }) => {
        const away = [...breakers.values()].filter(({ isOpen }) => isOpen).length
        telemetry.gauge('dependency_up', { dependency: 'cosmos' }, away > 0 ? 0 : 1)
        const told = { stage: 'serve', dependency: 'cosmos', container, failed }
        if (open) log.warn({ event: 'dependency_away', ...told, state: 'away', error: String(cause) })
        else log.info({ event: 'dependency_back', ...told, state: 'back' })
      },
    })
    breakers.set(container, made)
    if (breakers.size === 1) telemetry.gauge('dependency_up', { dependency: 'cosmos' }, 1)
    return made
  }
  const guarded = <T>({ container }: { container: string }, ms: number, work: () => Promise<T>): Promise<T> => {
    const breaker = breakerOf(container)
    const budgetMs = breaker.isKnown ? ms : Math.max(ms, firstMs)
    return asUnavailable(container, () => breaker.run(() => within(work(), budgetMs, container)))
  }
  async function* pages<T>(of: { container: string }, all: AsyncIterable<T>): AsyncIterable<T> {
    const iterator = all[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await guarded(of, budgets.pageMs, () => iterator.next())
        if (next.done) return
        yield next.value
      }
    } finally {
      // Not waited for: it may hang with the page that was given up.
      iterator.return?.()?.catch(() => undefined)
    }
  }
  const wrapped = (inner: Documents): Documents => ({
    get requestUnits() {
      return inner.requestUnits
    },
    metered: () => wrapped(inner.metered()),
    read: (collection, key) => guarded(collection, budgets.readMs, () => inner.read(collection, key)),
    readAll: (collection, keys) => guarded(collection, budgets.readMs, () => inner.readAll(collection, keys)),
    query: (collection, conditions) => pages(collection, inner.query(collection, conditions)),
    changes: (collection, since) => pages(collection, inner.changes(collection, since)),
    create: (collection, document) => inner.create(collection, document),
    upsert: (collection, document) => inner.upsert(collection, document),
    replace: (collection, document, etag) => inner.replace(collection, document, etag),
    writeAll: (collection, writes) => inner.writeAll(collection, writes),
    remove: (collection, key, etag) => inner.remove(collection, key, etag),
  })
  return {
    documents: wrapped(documents),
    isSettling: () => [...breakers.values()].some(breaker => !breaker.isKnown),
    states: () =>
      Object.fromEntries([...breakers].map(([name, { isOpen, failed }]) => [name, { open: isOpen, failed }])),
  }
}

async function asUnavailable<T>(container: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (isUnavailable(cause) || isWrong(cause)) throw cause
    throw unavailable(`${container} cannot be read at the moment`, cause)
  }
}

/** What is stored is not what its schema says. */
const isWrong = (cause: unknown): boolean => cause instanceof z.ZodError
