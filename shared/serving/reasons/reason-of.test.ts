import { expect, test } from 'vitest'
import { reasonCodes } from '../../schemas/reason.ts'
import type { Evidence } from '../../sources/evidence.ts'
import { type ReasonFacts, reasonOf } from './reason-of.ts'
import type { TasteReason } from './taste-reason.ts'

const names: Readonly<Record<string, string>> = { pen: 'The pen', ink: 'The ink', pad: 'The pad', cup: 'The cup' }
const nameOf = (itemId: string) => names[itemId] ?? itemId
const told = (evidence: Evidence, facts: Partial<ReasonFacts> = {}) =>
  reasonOf({ itemId: 'tea', evidence }, { nameOf, ...facts })
const tasting = (reason: TasteReason | undefined) => ({
  taste: { termsOf: () => undefined, reasonOf: () => reason },
})
const rule = { type: 'rule', support: 0.02, lift: 3 } as const

test.each<[Evidence, code: string, text: string]>([
  [{ type: 'taste' }, 'personal', 'Picked for you from what shoppers like you buy'],
  [{ type: 'neighbour', by: 'factors', of: 'pen', similarity: 0.5 }, 'similar', 'Goes with The pen'],
  [
    { type: 'neighbour', by: 'purchases', of: 'pen', similarity: 0.5 },
    'bought_together',
    'Bought together with The pen',
  ],
  [
    { type: 'neighbour', by: 'views', of: 'pen', similarity: 0.5 },
    'viewed_together',
    'Shoppers who looked at The pen looked at this too',
  ],
  [
    { type: 'neighbour', by: 'purchases', of: 'pen', similarity: 0.5, did: 'add_to_cart' },
    'recent',
    'Because you put The pen into your cart',
  ],
  [
    { type: 'users', users: 12, shared: ['pen', 'ink'] },
    'users_like_you',
    'Chosen by 12 shoppers who have The pen and The ink in common with you',
  ],
  [
    { type: 'users', users: 1, shared: ['pen'] },
    'users_like_you',
    'Chosen by a shopper who has The pen in common with you',
  ],
  [
    {
      type: 'content',
      of: 'pen',
      terms: [
        ['blue', 0.1],
        ['rabbit', 0.4],
        ['lamp', 0],
      ],
    },
    'content',
    'Shares rabbit and blue with The pen',
  ],
  [{ type: 'content', terms: [['Kitchen', 1]] }, 'content', 'Fits what you prefer: Kitchen'],
  [
    { ...rule, lhs: ['pen', 'ink'], confidence: 0.4213 },
    'rule',
    '42 % of baskets with The pen and The ink hold it too',
  ],
  [{ ...rule, lhs: ['pen'], confidence: 0.999 }, 'rule', '99 % of baskets with The pen hold it too'],
  [{ ...rule, lhs: ['pen'], confidence: 0.001 }, 'rule', '1 % of baskets with The pen hold it too'],
  [{ type: 'viewed', at: 5 }, 'recently_viewed', 'You looked at this lately'],
  [{ type: 'bought', at: 5, times: 3, intervalDays: 29.6 }, 'buy_again', 'You buy this about every 30 days'],
  [
    { type: 'bought', at: 5, times: 1, intervalDays: 0.2 },
    'buy_again',
    'You bought this, and shoppers buy it again after about 1 day',
  ],
  [{ type: 'segment', name: 'frequent, low price' }, 'segment', 'Popular with shoppers like you: frequent, low price'],
  [{ type: 'category', category: 'Kitchen' }, 'popular_in_category', 'Popular in Kitchen'],
  [{ type: 'trending' }, 'trending', 'Trending now'],
  [{ type: 'exploration' }, 'explore', 'Picked by chance, for something new'],
  [{ type: 'search', position: 3 }, 'search', 'Result 3 of your search'],
  [{ type: 'pinned' }, 'pinned', 'Chosen by the shop'],
  [{ type: 'catalogue' }, 'available', 'Available now'],
])('%j is told as %s: %s', (evidence, code, text) => {
  const reason = told(evidence)
  expect(reason).toMatchObject({ code, text })
  expect(reasonCodes).toContain(reason.code)
})

test('a template and its values make the text, and keep the exact figures beside it', () => {
  expect(told({ ...rule, lhs: ['pen', 'ink', 'pad', 'cup'], confidence: 0.4213 })).toEqual({
    code: 'rule',
    text: '42 % of baskets with The pen, The ink, The pad and 1 other hold it too',
    template: '{percent} % of baskets with {items} hold it too',
    values: {
      ...{ percent: 42, items: 'The pen, The ink, The pad and 1 other' },
      ...{ support: 0.02, confidence: 0.4213, lift: 3 },
    },
  })
})

test('a name with braces is told as it is', () => {
  const reason = told({ type: 'category', category: '{item} & {category}' })
  expect(reason.text).toBe('Popular in {item} & {category}')
})

test('taste names the past item that adds most, with its share, and what sells where taste adds nothing', () => {
  const item = { type: 'item', of: 'pen', did: 'purchase', share: 0.625 } as const
  expect(told({ type: 'taste' }, tasting(item))).toEqual({
    ...{ code: 'personal', text: 'Because you bought The pen', template: 'Because you bought {item}' },
    values: { did: 'purchase', item: 'The pen', item_id: 'pen', percent: 63, share: 0.625 },
  })
  expect(told({ type: 'taste' }, tasting({ type: 'popularity' }))).toMatchObject({
    ...{ code: 'trending', text: 'Popular with shoppers now' },
  })
  expect(told({ type: 'taste' }, tasting(undefined)).code).toBe('personal')
})
