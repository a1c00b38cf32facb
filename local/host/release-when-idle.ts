import { releaseMemory } from '../release-memory.ts'
import type { Invoker } from './invoker.ts'

/** Invokes as `invoker` does, and gives back the memory that invocations took when none has run for a while. */
export function releaseWhenIdle(
  { invoke }: Pick<Invoker, 'invoke'>,
  { idleMs = 3_000, release = releaseMemory }: { idleMs?: number; release?: () => void } = {},
): Pick<Invoker, 'invoke'> {
  let running = 0
  let timer: NodeJS.Timeout | undefined
  return {
    invoke: async invocation => {
      running += 1
      clearTimeout(timer)
      try {
        return await invoke(invocation)
      } finally {
        running -= 1
        if (running === 0) timer = setTimeout(release, idleMs).unref()
      }
    },
  }
}
