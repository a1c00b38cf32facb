export interface Throttle {
  /** Runs the work now or once a place is free; undefined when too much is running and waiting already. */
  run(work: () => Promise<void>): Promise<void> | undefined
}

/**
 * Lets at most `concurrentMax` pieces of work run at a time and at most `outstandingMax` run or wait; -1 is no limit.
 * What waits goes in the order it came.
 */
export function throttle({
  concurrentMax,
  outstandingMax,
}: {
  concurrentMax: number
  outstandingMax: number
}): Throttle {
  const waiting: (() => void)[] = []
  let running = 0
  const isFull = () => concurrentMax >= 0 && running >= concurrentMax

  async function start(work: () => Promise<void>): Promise<void> {
    if (isFull()) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      await work()
    } finally {
      // A place is handed on directly, so that a newcomer cannot take it in between.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }

  return {
    run: work => {
      const isRefused = outstandingMax >= 0 && running + waiting.length >= outstandingMax
      return isRefused ? undefined : start(work)
    },
  }
}
