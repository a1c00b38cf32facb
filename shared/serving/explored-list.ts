import { seededRandom } from '../algorithms/random.ts'
import { seedNumber } from '../sources/exploration.ts'
import type { Asked } from './ask.ts'
import { explore, type Pool } from './business-rules/exploration.ts'
import { explorationPool } from './business-rules/exploration-pool.ts'
import type { ListRequest } from './list-request.ts'
import type { Recommendation } from './recommendation.ts'

/** The first page of a list with some of its places given to chance, as the placement says. */
export function explored(
  list: readonly Recommendation[],
  asked: Asked,
  of: { request: ListRequest; fixed: ReadonlySet<number>; isCapped: (itemId: string) => boolean },
): Recommendation[] {
  const { request, fixed, isCapped } = of
  const { ask, placement, keptOut } = asked
  const without = [...list.map(({ itemId }) => itemId), ...Object.keys(ask.user.profile?.shown ?? {}).filter(isCapped)]
  const places = explore(
    list.map(({ itemId }) => itemId),
    {
      ...{ epsilon: placement.exploration, isFixed: (place: number) => fixed.has(place) },
      ...{ pool: poolOf(asked, request, without), random: seededRandom(seedNumber(ask.seed)) },
    },
  )
  return places.map(({ itemId, propensity, isExplored }, index) => {
    const ranked = list[index]!
    const item = ask.items.get(itemId)
    // A pool is up to an hour old: what a window has closed for since is not drawn after all.
    if (!isExplored || !item || keptOut(itemId)) return { ...ranked, propensity }
    return {
      ...{ itemId, item, score: 0, rung: 'catalogue', evidence: { type: 'exploration' } },
      ...{ contributions: [], propensity },
    }
  })
}

/** All that may be listed and is not; on a search, of what it found. */
function poolOf(
  { ask, placement, keptOut, about, filter }: Asked,
  request: ListRequest,
  /** What is listed, and what was shown too often. */
  without: readonly string[],
): Pool {
  if (request.placement === 'search') {
    const found = new Set(request.items?.filter(itemId => keptOut(itemId) === undefined))
    return { items: [...found], has: itemId => found.has(itemId), without: new Set(without) }
  }
  const { category, brand, priceMin, priceMax } = request
  const pool = explorationPool(placement, {
    ...{ items: ask.items, about, wanted: { category, brand, priceMin, priceMax, filter } },
    filterText: request.filter,
  })
  const bought = placement.include_bought ? [] : ask.user.bought
  return { ...pool, without: new Set([...without, ...bought, ...ask.user.disliked, ...(request.items ?? [])]) }
}
