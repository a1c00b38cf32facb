import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { eraseFrom, erasureOf, PersonChunk, planPeople } from './erase-chunk.ts'
import type { EraseStep, ErasureOptions } from './erase-step.ts'
import { hasBegun, writeFound } from './found.ts'

/** One store, person by person. */
export function stepStage(step: EraseStep, options: ErasureOptions): Stage {
  return stage({
    name: step.store,
    weight: 1,
    parse: raw => PersonChunk.parse(raw),
    plan: planPeople,
    run: async (chunk, context: StageContext) => {
      const erasure = await erasureOf(chunk, context)
      if (!erasure) return {}
      const of = { store: step.store, erasure: erasure.id }
      const interrupted = await hasBegun(of, context)
      const { found, removed, note, leftUntil } = await eraseFrom(step, erasure, { options, context })
      await writeFound(
        of,
        { found, removed, note, left_until: leftUntil, ...(interrupted ? { interrupted } : {}) },
        context,
      )
      return { found, removed }
    },
  })
}
