import { setImmediate } from 'node:timers/promises'
import type { FoldInSide } from '../algorithms/fold-in.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { itemsInSteps, type PreparedItems } from '../algorithms/top-n-items.ts'

/** The items of a model as single users are ranked by: one memory serves vectors and lists. */
export interface ModelItems {
  workspace: Workspace
  items: PreparedItems
  side: FoldInSide
}

/** Lays the items out for ranking, and lets requests be answered between the steps. */
export async function modelItems(of: {
  factors: number
  /** shape (items, factors) */
  values: Float32Array
  gramian: Float64Array
}): Promise<ModelItems> {
  const { factors, values, gramian } = of
  const workspace = new Workspace({ threads: 1 })
  const steps = itemsInSteps(workspace, { itemFactors: values, factors })
  for (;;) {
    const step = steps.next()
    if (step.done) {
      const { rows, places } = step.value
      return { workspace, items: step.value, side: { factors, values: rows, places, gramian } }
    }
    await setImmediate()
  }
}
