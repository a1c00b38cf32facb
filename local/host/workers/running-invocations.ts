import type { Invoker } from '../app/invoker.ts'

const tellMs = 100

/**
 * The invoker with its running invocations counted. `tell` hears at once when the first one starts, so that whoever asks
 * never takes a working process for an idle one, and of everything else at most every tenth of a second.
 */
export function countRunning(invoker: Invoker, tell: (running: number) => void): Invoker {
  let running = 0
  let told = 0
  let isWaiting = false

  function tellNow(): void {
    isWaiting = false
    if (told === running) return
    told = running
    tell(running)
  }
  function changed(by: 1 | -1): void {
    running += by
    if (told === 0 && running > 0) {
      tellNow()
    } else if (!isWaiting) {
      isWaiting = true
      setTimeout(tellNow, tellMs)
    }
  }
  return {
    ...invoker,
    invoke: invocation => {
      changed(1)
      return invoker.invoke(invocation).finally(() => changed(-1))
    },
  }
}
