import type { EventType } from '../../schemas/interaction.ts'
import type { Evidence } from '../../sources/evidence.ts'

export interface Reason {
  /** From a small closed set, for machines. */
  code: string
  /** For people. */
  text: string
}

const done: Readonly<Record<EventType, string>> = {
  view: 'looked at',
  click: 'looked at',
  add_to_cart: 'put into your cart',
  purchase: 'bought',
  rating: 'rated',
  feedback: 'liked',
  impression: 'were shown',
}

/** The reason of an item on a list, told from what is true of it. */
export function reasonOf(evidence: Evidence, nameOf: (itemId: string) => string): Reason {
  switch (evidence.type) {
    case 'taste':
      return { code: 'personal', text: 'Picked for you from what shoppers like you buy' }
    case 'neighbour': {
      const name = nameOf(evidence.of)
      if (evidence.did) return { code: 'recent', text: `Because you ${done[evidence.did]} ${name}` }
      if (evidence.by === 'purchases') return { code: 'similar', text: `Bought together with ${name}` }
      return { code: 'similar', text: `Goes with ${name}` }
    }
    case 'rule': {
      const percent = Math.round(evidence.confidence * 100)
      return {
        code: 'rule',
        text: `${percent} % of baskets with ${evidence.lhs.map(nameOf).join(' and ')} hold it too`,
      }
    }
    case 'category':
      return { code: 'popular_in_category', text: `Popular in ${evidence.category}` }
    case 'segment':
      return { code: 'segment', text: `Popular with shoppers like you: ${evidence.name}` }
    case 'trending':
      return { code: 'trending', text: 'Trending now' }
    case 'users':
      return { code: 'users_like_you', text: 'Bought by shoppers who like what you like' }
    case 'content':
      return {
        code: 'content',
        text: `Has ${evidence.terms
          .slice(0, 3)
          .map(([term]) => term)
          .join(', ')}`,
      }
    case 'viewed':
      return { code: 'recently_viewed', text: 'You looked at this' }
    case 'bought':
      return { code: 'buy_again', text: `You buy this about every ${Math.round(evidence.intervalDays)} days` }
    case 'search':
      return { code: 'search', text: 'Found by your search' }
    case 'pinned':
      return { code: 'pinned', text: 'Chosen by the shop' }
    case 'exploration':
      return { code: 'explore', text: 'Something different' }
    case 'catalogue':
      return { code: 'available', text: 'From our range' }
  }
}
