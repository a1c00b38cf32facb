import type { EventType } from '../../schemas/interaction.ts'
import type { Reason } from '../../schemas/reason.ts'
import type { Evidence } from '../../sources/evidence.ts'
import type { TasteExplanation, TasteReason } from './taste-reason.ts'
import { listNames, percentOf, tell } from './tell.ts'

/** What reasons are told with besides the evidence. */
export interface ReasonFacts {
  /** What people call an item. */
  nameOf: (itemId: string) => string
  /** What the user's taste for an item comes from, where the model is in memory. */
  taste?: TasteExplanation | undefined
}

/** By what the user did with a past item. */
const because: Readonly<Record<EventType, string>> = {
  view: 'Because you looked at {item}',
  click: 'Because you looked at {item}',
  add_to_cart: 'Because you put {item} into your cart',
  purchase: 'Because you bought {item}',
  rating: 'Because you rated {item}',
  feedback: 'Because you liked {item}',
  impression: 'Because you were shown {item}',
}

/** Purchases of an item from which on a user has an interval of one's own. */
const ownIntervalTimes = 3

/**
 * Tells why an item is listed, from the evidence of the source that it owes most to, and nothing that does not follow from
 * it: names of items, numbers, and which past item weighs most where a vector says so.
 */
export function reasonOf({ itemId, evidence }: { itemId: string; evidence: Evidence }, facts: ReasonFacts): Reason {
  const { nameOf, taste } = facts
  switch (evidence.type) {
    case 'taste':
      return ofTaste(taste?.reasonOf(itemId), nameOf)
    case 'neighbour':
      return ofNeighbour(evidence, nameOf)
    case 'users':
      return ofUsers(evidence, nameOf)
    case 'content':
      return ofContent(evidence, nameOf)
    case 'rule': {
      const { lhs, support, confidence, lift } = evidence
      const values = { percent: percentOf(confidence), items: listNames(lhs.map(nameOf)), support, confidence, lift }
      return tell('rule', '{percent} % of baskets with {items} hold it too', values)
    }
    case 'viewed':
      return tell('recently_viewed', 'You looked at this lately', { at: evidence.at })
    case 'bought':
      return ofBought(evidence)
    case 'segment':
      return tell('segment', 'Popular with shoppers like you: {segment}', { segment: evidence.name })
    case 'category':
      return tell('popular_in_category', 'Popular in {category}', { category: evidence.category })
    case 'trending':
      return tell('trending', 'Trending now')
    case 'exploration':
      return tell('explore', 'Picked by chance, for something new')
    case 'search':
      return tell('search', 'Result {position} of your search', { position: evidence.position })
    case 'pinned':
      return tell('pinned', 'Chosen by the shop', evidence.name === undefined ? {} : { name: evidence.name })
    case 'catalogue':
      return tell('available', 'Available now')
  }
}

type Of<Type extends Evidence['type']> = Extract<Evidence, { type: Type }>
type NameOf = ReasonFacts['nameOf']

function ofTaste(reason: TasteReason | undefined, nameOf: NameOf): Reason {
  if (reason === undefined) return tell('personal', 'Picked for you from what shoppers like you buy')
  if (reason.type === 'popularity') return tell('trending', 'Popular with shoppers now')
  const { of, did, share } = reason
  return tell('personal', because[did], { did, item: nameOf(of), item_id: of, percent: percentOf(share), share })
}

function ofNeighbour({ by, of, similarity, did }: Of<'neighbour'>, nameOf: NameOf): Reason {
  const values = { item: nameOf(of), item_id: of, similarity }
  if (did !== undefined) return tell('recent', because[did], { ...values, did })
  switch (by) {
    case 'factors':
      return tell('similar', 'Goes with {item}', values)
    case 'purchases':
      return tell('bought_together', 'Bought together with {item}', values)
    case 'views':
      return tell('viewed_together', 'Shoppers who looked at {item} looked at this too', values)
  }
}

function ofUsers({ users, shared }: Of<'users'>, nameOf: NameOf): Reason {
  const values = { users, items: listNames(shared.map(nameOf)) }
  const template =
    users === 1
      ? 'Chosen by a shopper who has {items} in common with you'
      : 'Chosen by {users} shoppers who have {items} in common with you'
  return tell('users_like_you', template, values)
}

function ofContent({ terms, of }: Of<'content'>, nameOf: NameOf): Reason {
  const ranked = terms.toSorted(([, a], [, b]) => b - a).filter(([, added]) => added > 0)
  const told = { terms: listNames(ranked.map(([term]) => term)) }
  if (of === undefined) return tell('content', 'Fits what you prefer: {terms}', told)
  return tell('content', 'Shares {terms} with {item}', { ...told, item: nameOf(of), item_id: of })
}

function ofBought({ at, times, intervalDays }: Of<'bought'>): Reason {
  const days = Math.max(1, Math.round(intervalDays))
  const every = days === 1 ? 'day' : '{days} days'
  const values = { days, times, at, interval_days: intervalDays }
  if (times >= ownIntervalTimes) return tell('buy_again', `You buy this about every ${every}`, values)
  const after = days === 1 ? '1 day' : '{days} days'
  return tell('buy_again', `You bought this, and shoppers buy it again after about ${after}`, values)
}
