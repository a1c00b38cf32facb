import type { AssociationRule } from '../algorithms/association-rules.ts'
import { rulesPerItem } from '../algorithms/rules-per-item.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { ItemId } from '../schemas/ids.ts'
import type { RuleTail } from '../schemas/published.ts'
import { readItemIds } from './dataset-blobs.ts'
import { readItemsets } from './itemsets-stage.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { ranges } from './ranges.ts'

/** A cart is found by any of its items: what a rule is worth is decided among the rules of one item. */
const rulesPerItemMax = 50
/** Items of a file, some 20 MB at most. */
const itemsPerFile = 5_000

/** Itemsets -> rules with support, confidence and lift (S05), each under every item of its left side. */
export const rulesStage = ({ rules }: Pick<TrainingOptions, 'rules'>): Stage =>
  stage({
    name: 'rules',
    weight: 2,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const items = await readItemIds(context)
      const { minConfidence, minLift } = rules
      const tails: RuleTail[][] = items.map(() => [])
      const found = await readItemsets(context)
      const distinct = new Set<AssociationRule>()
      if (found) {
        const perItem = rulesPerItem(found, { minConfidence, minLift, rulesPerItem: rulesPerItemMax })
        for (const [rank, own] of perItem.entries()) {
          tails[found.items[rank] ?? -1] = own.map(rule => tailOf(rule, items))
          for (const rule of own) distinct.add(rule)
        }
      }
      // Items without rules are listed too: a rule that no longer holds must go.
      for (const { from, to } of ranges(items.length, itemsPerFile)) {
        const list = items.slice(from, to).map((item, at): [string, RuleTail[]] => [item, tails[from + at] ?? []])
        await writeList(context, 'itemRules', from, list)
      }
      return { rules: distinct.size }
    },
  })

function tailOf({ lhs, rhs, support, confidence, lift }: AssociationRule, items: readonly ItemId[]): RuleTail {
  const idOf = (item: number): ItemId => {
    const id = items[item]
    if (id === undefined) throw new RangeError(`Cannot name item ${item} of ${items.length} items`)
    return id
  }
  return [lhs.map(idOf).sort(), idOf(rhs), rounded(support), rounded(confidence), rounded(lift)]
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
