import { expect, test } from 'vitest'
import { published, putNeighbours, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'
import { hybridNeighbours, neighboursOfRecent } from './neighbours-of-recent.ts'

const recent = (...events: [itemId: string, type: EventType][]) =>
  events.map(
    ([itemId, type], index): RecentEvent => [itemId, eventTypes.indexOf(type), published / 1000 + index, `${index}`],
  )
const found = async (events: RecentEvent[], { shop }: ShopByHand) =>
  (await neighboursOfRecent(events, 1, shop)).map(({ itemId, score, reason }) => [
    itemId,
    Number(score.toFixed(3)),
    reason.text,
  ])

test('neighbours by factors weigh 0.6, by co-purchase 0.4, each relative to the best of its kind', async () => {
  const { ports, shop } = await shopByHand()
  await putNeighbours(ports, 'pen', { als: { ink: 0.8, pad: 0.4 }, copurchase: { pad: 0.1, cup: 0.05 } })
  expect(hybridNeighbours(await shop.neighbours('pen', 1))).toEqual([
    ['pad', expect.closeTo(0.7)],
    ['ink', expect.closeTo(0.6)],
    ['cup', expect.closeTo(0.2)],
  ])
  expect(hybridNeighbours(undefined)).toEqual([])
})

test.each([
  ['view', 'looked at'],
  ['click', 'looked at'],
  ['add_to_cart', 'put into your cart'],
  ['purchase', 'bought'],
  ['rating', 'rated'],
  ['feedback', 'liked'],
] as const)('the reason of a %s says "%s" and the item’s name', async (type, words) => {
  const of = await shopByHand()
  await putNeighbours(of.ports, 'pen', { als: { ink: 1 } })
  expect(await found(recent(['pen', type]), of)).toEqual([['ink', 1, `Because you ${words} The pen`]])
})

test('the latest item and the strongest deed weigh most; the reason names what added most', async () => {
  const of = await shopByHand()
  await putNeighbours(of.ports, 'pen', { als: { ink: 1, pad: 1 } })
  await putNeighbours(of.ports, 'cup', { als: { tea: 1, pad: 1 } })
  // Cup 0.4 × 0.6, pen 1 × 0.85 × 0.6: pad has both.
  expect(await found(recent(['pen', 'purchase'], ['cup', 'view']), of)).toEqual([
    ['pad', 1, 'Because you bought The pen'],
    ['ink', Number((0.85 / 1.25).toFixed(3)), 'Because you bought The pen'],
    ['tea', Number((0.4 / 1.25).toFixed(3)), 'Because you looked at The cup'],
  ])
})

test('of several deeds with one item the last counts, and only the last five items', async () => {
  const of = await shopByHand()
  await putNeighbours(of.ports, 'jam', { als: { ink: 1 } })
  await putNeighbours(of.ports, 'pen', { als: { pad: 1 } })
  const five = recent(
    ['jam', 'view'],
    ['pen', 'purchase'],
    ['i1', 'view'],
    ['i2', 'view'],
    ['i3', 'view'],
    ['pen', 'view'],
  )
  expect((await found(five, of)).map(([itemId, , text]) => [itemId, text])).toEqual([
    ['pad', 'Because you looked at The pen'],
    ['ink', 'Because you looked at The jam'],
  ])
  const six = [...five, ...recent(['i4', 'view'])]
  expect((await found(six, of)).map(([itemId]) => itemId)).toEqual(['pad'])
})

test('nothing recent, or nothing known of it, gives nothing', async () => {
  const of = await shopByHand()
  expect(await found([], of)).toEqual([])
  expect(await found(recent(['pen', 'view']), of)).toEqual([])
})
