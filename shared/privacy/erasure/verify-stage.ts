import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { eraseFrom, erasureOf, PersonChunk, planPeople } from './erase-chunk.ts'
import type { EraseStep, ErasureOptions } from './erase-step.ts'
import { writeFound } from './found.ts'

/** What was on its way when erasing began may have come to rest behind it: so often it is gone through again. */
const passesMax = 3

/** The name under which a store's last look is kept. */
export const verified = (store: string): string => `verified-${store}`

/** Looks for people again in every store, until a look finds nothing. */
export function verifyStage(steps: readonly EraseStep[], options: ErasureOptions): Stage {
  return stage({
    name: 'verify',
    weight: 1,
    parse: raw => PersonChunk.parse(raw),
    plan: planPeople,
    run: async (chunk, context: StageContext) => {
      const erasure = await erasureOf(chunk, context)
      if (!erasure) return {}
      let found_again = 0
      for (const [index, step] of steps.entries()) {
        found_again += await untilNothing(step, () => eraseFrom(step, erasure, { options, context }))
        await writeFound({ store: verified(step.store), erasure: erasure.id }, { found: 0, removed: 0 }, context)
        await context.progress((index + 1) / steps.length)
      }
      return { stores: steps.length, found_again }
    },
  })
}

/** Resolves to how much was found again before a look found nothing. @throws Error when there is always more */
async function untilNothing({ store }: EraseStep, erase: () => Promise<{ found: number }>): Promise<number> {
  let sum = 0
  for (let passes = 0; passes <= passesMax; passes++) {
    const { found } = await erase()
    if (found === 0) return sum
    sum += found
  }
  throw new Error(`Cannot verify ${store}: ${passesMax} times in a row the person was found again after it was erased`)
}
