import type { Item } from '../../schemas/catalogue.ts'
import type { RequestFacts } from './expression/fields.ts'
import type { BoostRule } from './placement-rules.ts'

export interface Boosted {
  /** The product of the factors of all boosts that hold; 1 when none does. */
  factor: number
  applied: readonly { name: string; factor: number }[]
}

const unboosted: Boosted = { factor: 1, applied: [] }

/** Tells by what an item's score is multiplied at a request. */
export function boosts(rules: readonly BoostRule[], about: RequestFacts): (item: Item) => Boosted {
  const open = rules.filter(({ isOpen }) => isOpen(about.nowMs))
  if (open.length === 0) return () => unboosted
  return item => {
    const applied = open.filter(({ holds }) => holds(item, about)).map(({ name, factor }) => ({ name, factor }))
    return { factor: applied.reduce((product, { factor }) => product * factor, 1), applied }
  }
}
