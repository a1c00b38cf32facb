import { pairRules } from '../algorithms/association-rules.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { RuleTail } from '../schemas/published.ts'
import { readItemIds, readMatrix } from './dataset-blobs.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'

const rulesPerItemMax = 20

/** Baskets -> pair rules with support, confidence and lift (S05), by antecedent. */
export const rulesStage = (options: Pick<TrainingOptions, 'rules'>): Stage =>
  stage({
    name: 'rules',
    weight: 5,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const items = await readItemIds(context)
      const rules = pairRules(await readMatrix(context, 'baskets'), {
        ...options.rules,
        // A rule that predicts worse than chance is none.
        minLift: 1,
        // Low thresholds give more rules than memory holds.
        rulesPerAntecedent: rulesPerItemMax,
      })
      const tails: RuleTail[][] = items.map(() => [])
      for (const { antecedent, consequent, support, confidence, lift } of rules) {
        const name = items[consequent]
        if (name !== undefined) tails[antecedent]?.push([name, rounded(support), rounded(confidence), rounded(lift)])
      }
      // Items without rules are listed too: a rule that no longer holds must go.
      const list = items.map((item, index): [string, RuleTail[]] => [item, tails[index] ?? []])
      await writeList(context, 'itemRules', 0, list)
      return { rules: rules.length }
    },
  })

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
