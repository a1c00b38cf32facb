import type { WorkerGroup } from '../workers/worker-group.ts'
import { nextScale, type ScaleLimits } from './scale-decision.ts'

/** A scale group with what its number of processes is decided by. */
export interface ScaledGroup {
  group: Pick<WorkerGroup, 'name' | 'count' | 'running' | 'scaleTo'>
  limits: ScaleLimits
  /** How many instances what waits asks for; undefined while that is not known, and then nothing changes. */
  desired(): Promise<number | undefined>
  /** Those that take turns are started one after another, each when the one before listens. */
  takesTurn: boolean
}

export interface ScaleController {
  /** Looks and scales from now on. */
  start(): void
  /** Makes sure that the group has an instance that listens, keeps it while it is used, and for the quiet time after. */
  need<T>(name: string, use: () => Promise<T>): Promise<T>
  /** Changes nothing until it goes on. */
  pause(): void
  goOn(): void
  stop(): Promise<void>
}

interface ControllerOptions {
  groups: ScaledGroup[]
  pollMs: number
  warn(message: string): void
}

/** Looks at each group every `pollMs` and gives it the instances that it needs: the part of Azure outside the host. */
export function scaleController({ groups, pollMs, warn }: ControllerOptions): ScaleController {
  const neededAt = new Map<string, number>()
  const troubled = new Set<string>()
  const uses = new Map<string, number>()
  const loops: Promise<void>[] = []
  const waiting = new Set<() => void>()
  let isPaused = false
  let isStopped = false
  const isIdle = () => isPaused || isStopped

  async function look({ group, limits, desired }: ScaledGroup): Promise<void> {
    const wanted = await desired()
    troubled.delete(group.name)
    // Only now: while it was looked at, the host may have been told to stop.
    if (wanted === undefined || isIdle()) return
    const count = group.count()
    const working = group.running().filter(running => running > 0).length
    const busy = Math.max(working, uses.get(group.name) ? 1 : 0)
    const last = neededAt.get(group.name) ?? 0
    const next = nextScale({ count, neededAt: last }, { desired: wanted, busy, now: Date.now() }, limits)
    neededAt.set(group.name, next.neededAt)
    if (next.count !== count) scale(group, next.count)
  }
  function scale(group: ScaledGroup['group'], count: number): Promise<void> {
    // An instance that cannot start has said why, and is tried again by whoever supervises it.
    return group.scaleTo(count).catch(() => undefined)
  }
  async function watch(scaled: ScaledGroup): Promise<void> {
    while (!isStopped) {
      if (!isPaused) {
        await look(scaled).catch((error: Error) => {
          if (!troubled.has(scaled.group.name))
            warn(`Cannot tell what waits for ${scaled.group.name}: ${error.message}`)
          troubled.add(scaled.group.name)
        })
      }
      if (!isStopped) await pollPause()
    }
  }
  function pollPause(): Promise<void> {
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, pollMs)
      waiting.add(end)
    })
  }
  async function takeTurns(taking: ScaledGroup[]): Promise<void> {
    for (const scaled of taking) {
      if (!isIdle()) await scale(scaled.group, 1)
      neededAt.set(scaled.group.name, Date.now())
      loops.push(watch(scaled))
    }
  }
  return {
    start: () => {
      for (const scaled of groups) if (!scaled.takesTurn) loops.push(watch(scaled))
      loops.push(takeTurns(groups.filter(({ takesTurn }) => takesTurn)))
    },
    need: async (name, use) => {
      const group = groups.find(scaled => scaled.group.name === name)?.group
      uses.set(name, (uses.get(name) ?? 0) + 1)
      try {
        if (group !== undefined) await scale(group, Math.max(1, group.count()))
        return await use()
      } finally {
        uses.set(name, (uses.get(name) ?? 1) - 1)
        neededAt.set(name, Date.now())
      }
    },
    pause: () => {
      isPaused = true
    },
    goOn: () => {
      isPaused = false
    },
    stop: async () => {
      isStopped = true
      for (const end of [...waiting]) end()
      while (loops.length > 0) await loops.shift()
    },
  }
}
