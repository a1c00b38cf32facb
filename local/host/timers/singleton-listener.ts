import type { Listener } from '../http/http-listener.ts'
import type { Lease } from '../storage/blob-lease.ts'
import type { LogLine } from '../workers/log-line.ts'

interface SingletonOptions {
  functionName: string
  lease: Lease
  /** Listens while this instance holds the lease. */
  listen(): Promise<Listener>
  log(line: LogLine): void
}

/** Azure's listenerLockPeriod in its development environment, the shortest a lease can be. */
export const lockSeconds = 15
const lockMs = lockSeconds * 1000
const renewAgainMs = 1_000
// A minute on Azure; on one machine a timer must not stand still that long.
const recoveryMs = 5_000

/**
 * Lets one instance of all listen: the one that holds the lease, which it renews at half its period. An instance that loses it,
 * or cannot renew it in time, listens no more; the others ask for it time and again. It is released once what runs has ended.
 * Source: Azure/azure-webjobs-sdk, SingletonListener and SingletonManager.
 */
export async function listenAsSingleton({ functionName, lease, listen, log }: SingletonOptions): Promise<Listener> {
  let inner: Listener | undefined
  let stopped = false
  let step: NodeJS.Timeout | undefined
  let expiry: NodeJS.Timeout | undefined
  let work = Promise.resolve()
  const warn = (message: string) => log({ level: 'warning', category: 'system', functionName, message })
  const later = (ms: number, next: () => Promise<void>) => {
    clearTimeout(step)
    step = setTimeout(() => {
      work = next()
    }, ms)
  }
  const held = () => {
    clearTimeout(expiry)
    expiry = setTimeout(() => {
      work = lose('could not be renewed in time')
    }, lockMs)
  }

  async function acquire(): Promise<void> {
    const has = await lease.acquire()
    if (stopped) return
    if (!has) return later(recoveryMs, acquireAgain)
    held()
    inner = await listen()
    // A stop may have come meanwhile, before there was a listener to tell.
    if (stopped) await inner.stop()
    later(lockMs / 2, renew)
  }
  const acquireAgain = () =>
    acquire().catch((error: Error) => {
      warn(error.message)
      later(recoveryMs, acquireAgain)
    })
  async function renew(): Promise<void> {
    const has = await lease.renew().catch((error: Error) => {
      warn(error.message)
      return undefined
    })
    if (inner === undefined) return
    if (has === false) return lose('is held by someone else')
    if (has) held()
    later(has ? lockMs / 2 : renewAgainMs, renew)
  }
  async function lose(why: string): Promise<void> {
    const lost = inner
    if (lost === undefined) return
    inner = undefined
    clearTimeout(step)
    clearTimeout(expiry)
    warn(`The lock of function "${functionName}" ${why}: this instance listens no more`)
    await lost.stop()
    await lost.close()
    if (!stopped) later(recoveryMs, acquireAgain)
  }

  await acquire()
  return {
    stop: async () => {
      stopped = true
      // The lease is kept until what runs has ended.
      if (inner === undefined) clearTimeout(step)
      await inner?.stop()
    },
    close: async () => {
      await work
      await inner?.close()
      clearTimeout(step)
      clearTimeout(expiry)
      await work
      // A lease that cannot be released runs out by itself.
      await lease.release().catch((error: Error) => warn(error.message))
    },
  }
}
