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
