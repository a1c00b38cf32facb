import type { Asked } from './ask.ts'
import { pinnedItems, putAtPlaces } from './business-rules/pins.ts'
import type { PlacementRules } from './business-rules/placement-rules.ts'
import type { Recommendation } from './recommendation.ts'

/**
 * What is pinned, by place on this page: with what speaks for it where something does, else with no score. What the places of
 * earlier pages had is gone, whether it was shown or not.
 */
export function pinnedOn(
  { pins }: Pick<PlacementRules, 'pins'>,
  { ask, about, keptOut }: Pick<Asked, 'ask' | 'about' | 'keptOut'>,
  of: { proposals: readonly Recommendation[]; firstPlace: number; minScore: number },
): ReadonlyMap<number, Recommendation> {
  if (pins.length === 0) return new Map()
  const known = new Map(of.proposals.map(each => [each.itemId, each]))
  const isEligible = (itemId: string) => (known.get(itemId)?.score ?? 0) >= of.minScore && keptOut(itemId) === undefined
  const places = pinnedItems(pins, { about, items: ask.items, isEligible })
  const onThisPage = new Map<number, Recommendation>()
  for (const [place, itemId] of places) {
    const item = ask.items.get(itemId)
    if (item && place >= of.firstPlace) onThisPage.set(place - of.firstPlace + 1, known.get(itemId) ?? pinned(item))
  }
  return onThisPage
}

const pinned = (item: Recommendation['item']): Recommendation => ({
  ...{ itemId: item.id, item, score: 0, rung: 'catalogue', evidence: { type: 'pinned' } },
  ...{ contributions: [], propensity: 1 },
})

/** The list with the pinned items at their places, and which places those are. */
export function withPinned(
  list: readonly Recommendation[],
  pinnedItems: ReadonlyMap<number, Recommendation>,
): { list: Recommendation[]; fixed: ReadonlySet<number> } {
  if (pinnedItems.size === 0) return { list: [...list], fixed: new Set() }
  const all = putAtPlaces(list, pinnedItems)
  const fixed = new Set([...pinnedItems.values()].map(each => all.indexOf(each) + 1))
  return { list: all, fixed }
}
