import { type Item, isOffered } from '../../schemas/catalogue.ts'
import type { Condition } from './expression/compile-expression.ts'
import type { RequestFacts } from './expression/fields.ts'
import type { PlacementRules } from './placement-rules.ts'

/** Why an item may not be listed: the first of these, in this order. */
const ineligibilities = [
  ...(['unknown_item', 'not_offered', 'out_of_stock', 'hidden', 'bought', 'disliked', 'blocked'] as const),
  ...(['channel', 'region', 'min_age', 'on_the_page', 'category', 'brand', 'price', 'request_filter'] as const),
  'filter',
] as const
export interface Ineligible {
  code: (typeof ineligibilities)[number]
  /** Of the filter of the placement that keeps it out. */
  filter?: string
  /** For people. */
  text: string
}

/** What a request asks of every item. */
interface Wanted {
  category?: string | undefined
  brand?: string | undefined
  /** Both included. */
  priceMin?: number | undefined
  priceMax?: number | undefined
  filter?: Condition | undefined
}

/** What decides whether an item may be listed. */
export interface EligibilityOptions {
  items: ReadonlyMap<string, Item>
  about: RequestFacts
  rules: Pick<PlacementRules, 'filters' | 'blocked'>
  wanted: Wanted
  /** What the user bought, and whether it may come again. */
  bought: ReadonlySet<string>
  includeBought: boolean
  disliked: ReadonlySet<string>
  /** The item of the page and those of the cart. */
  onThePage: ReadonlySet<string>
}

/** Gives the first reason that keeps an item out; undefined when it may be listed. */
export type Eligibility = (
  itemId: string,
  /** Whether it is offered to be bought again, as its interval has passed. */
  more?: { buyAgain?: boolean },
) => Ineligible | undefined

/**
 * Decides whether an item may be listed: by the catalogue it is given, so that a list made before a product was sold out
 * is checked again when it is read. A request that names no channel or region is not held to those of an item; one that
 * names no age is not served what has an age limit.
 */
export function eligibility(options: EligibilityOptions): Eligibility {
  const { items, rules, about, bought, includeBought, disliked, onThePage } = options
  const filters = rules.filters.filter(({ isOpen }) => isOpen(about.nowMs))
  const asked = requestLimits(options)
  return (itemId, { buyAgain = false } = {}) => {
    const item = items.get(itemId)
    if (!item) return unknownItem
    if (!isOffered(item)) return notOffered
    if (!item.in_stock) return outOfStock
    if (item.hidden === true) return hidden
    if (bought.has(itemId) && !includeBought && !buyAgain) return alreadyBought
    if (disliked.has(itemId)) return thumbDown
    if (rules.blocked.has(itemId)) return isBlocked
    const limit = itemLimit(item, about)
    if (limit) return limit
    if (onThePage.has(itemId)) return isOnThePage
    const unasked = asked(item)
    if (unasked) return unasked
    for (const { name, expression, holds } of filters) {
      if (!holds(item, about)) return { code: 'filter', filter: name, text: `Does not fulfil ${name}: ${expression}` }
    }
    return undefined
  }
}

const unknownItem: Ineligible = { code: 'unknown_item', text: 'Not in the catalogue' }
const notOffered: Ineligible = { code: 'not_offered', text: 'Deleted, or its name or price is not known yet' }
const outOfStock: Ineligible = { code: 'out_of_stock', text: 'Out of stock' }
const hidden: Ineligible = { code: 'hidden', text: 'Hidden by the shop' }
const alreadyBought: Ineligible = { code: 'bought', text: 'Already bought' }
const thumbDown: Ineligible = { code: 'disliked', text: 'Has the user’s thumb down' }
const isBlocked: Ineligible = { code: 'blocked', text: 'Blocked in this placement' }
const isOnThePage: Ineligible = { code: 'on_the_page', text: 'Is on the page or in the cart' }

/** What the item itself is limited to. An empty list of channels or regions says as little as none. */
function itemLimit(
  { channels, regions, min_age }: Item,
  { channel, region, age }: RequestFacts,
): Ineligible | undefined {
  if (channel !== undefined && channels?.length && !channels.includes(channel)) {
    return { code: 'channel', text: `Not sold in channel ${channel}` }
  }
  if (region !== undefined && regions?.length && !regions.includes(region)) {
    return { code: 'region', text: `Not sold in region ${region}` }
  }
  if (min_age !== undefined && min_age > (age ?? 0)) {
    const known = age === undefined ? 'the age is not known' : `the age is ${age}`
    return { code: 'min_age', text: `From ${min_age} years: ${known}` }
  }
  return undefined
}

function requestLimits({ wanted, about }: EligibilityOptions): (item: Item) => Ineligible | undefined {
  const { category, brand, priceMin = 0, priceMax = Number.POSITIVE_INFINITY, filter } = wanted
  return item => {
    if (category !== undefined && item.category !== category) {
      return { code: 'category', text: `Not of category ${category}` }
    }
    if (brand !== undefined && item.brand !== brand) return { code: 'brand', text: `Not of brand ${brand}` }
    if (item.price < priceMin || item.price > priceMax) {
      return { code: 'price', text: `Its price is not ${priceRange(priceMin, priceMax)}` }
    }
    return filter && !filter(item, about) ? { code: 'request_filter', text: 'Does not fulfil the filter' } : undefined
  }
}

function priceRange(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`
  return min === 0 ? `at most ${max}` : `from ${min} to ${max}`
}
