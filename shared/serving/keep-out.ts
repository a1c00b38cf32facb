import type { Item } from '../schemas/catalogue.ts'
import type { Placement } from '../schemas/placements.ts'
import type { AskedUser } from '../sources/source.ts'
import { eligibility, type Ineligible } from './business-rules/eligibility.ts'
import type { Condition } from './business-rules/expression/compile-expression.ts'
import type { RequestFacts } from './business-rules/expression/fields.ts'
import { placementRules } from './business-rules/placement-rules.ts'
import type { ListRequest } from './list-request.ts'
import type { Dropped, DropStage } from './list-trace.ts'

/** Why an item may not be on this list at all, whoever proposes it; undefined when it may. */
export type KeepOut = (itemId: string, more?: { buyAgain?: boolean }) => Dropped | undefined

const stageOf: Readonly<Record<Ineligible['code'], DropStage>> = {
  ...({ unknown_item: 'unknown', not_offered: 'unknown', out_of_stock: 'stock', hidden: 'hidden' } as const),
  ...({ bought: 'bought', disliked: 'disliked', blocked: 'blocked', on_the_page: 'own' } as const),
  ...({ channel: 'limits', region: 'limits', min_age: 'limits' } as const),
  ...({
    category: 'request',
    brand: 'request',
    price: 'request',
    request_filter: 'request',
    filter: 'filter',
  } as const),
}

/** What decides of every item of one list whether it may be on it. */
export interface KeepOutOptions {
  items: ReadonlyMap<string, Item>
  user: Pick<AskedUser, 'bought' | 'disliked'>
  placement: Placement
  request: ListRequest
  about: RequestFacts
  /** The filter of the request, compiled. */
  filter: Condition | undefined
}

/** The rules that hold for every item of one list, made once a request. */
export function keepOut({ items, user, placement, request, about, filter }: KeepOutOptions): KeepOut {
  const { category, brand, priceMin, priceMax, isSeen } = request
  const isSearch = request.placement === 'search'
  const searched = isSearch ? new Set(request.items) : undefined
  const check = eligibility({
    ...{ items, about, rules: placementRules(placement), wanted: { category, brand, priceMin, priceMax, filter } },
    ...{ bought: user.bought, includeBought: placement.include_bought, disliked: user.disliked },
    onThePage: new Set(isSearch ? [] : request.items),
  })
  return (itemId, more) => {
    const ineligible = check(itemId, more)
    if (ineligible) return { stage: stageOf[ineligible.code], detail: ineligible.text }
    if (searched && !searched.has(itemId)) return { stage: 'request', detail: 'Not found by the search' }
    if (isSeen?.(itemId)) return { stage: 'seen', detail: 'Was on an earlier page' }
    return undefined
  }
}
