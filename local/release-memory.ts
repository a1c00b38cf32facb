import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type CollectGarbage = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

let collectGarbage: CollectGarbage | undefined

/**
 * Gives the memory of dead objects back to the system, for processes that did a lot and now wait. V8's own collections
 * keep freed pages in a pool, and an idle process never gets to empty it: after a refresh run that is two thirds of the
 * process. Blocks for some 50 ms.
 */
export function releaseMemory(): void {
  if (collectGarbage === undefined) {
    setFlagsFromString('--expose-gc')
    collectGarbage = runInNewContext('gc') as CollectGarbage
  }
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

/** A process that uses less of a core than this is at rest. */
const restingShare = 0.05

/**
 * Releases memory each time the process comes to rest after work, looking every `lookMs`. The clock that looks does not
 * keep the process alive.
 */
export function releaseMemoryAtRest(
  options: { lookMs?: number; cpuMs?: () => number; release?: () => void } = {},
): void {
  const { lookMs = 2_000, cpuMs = usedCpuMs, release = releaseMemory } = options
  let before = cpuMs()
  let worked = true
  setInterval(() => {
    const now = cpuMs()
    const rests = now - before < lookMs * restingShare
    if (rests && worked) release()
    worked = !rests
    // Releasing is work of its own, which must not look like the process's.
    before = cpuMs()
  }, lookMs).unref()
}

function usedCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
