import { expect, test } from 'vitest'
import { asking } from '../../tests/asked-shop.ts'
import { goLive, listed, putNeighbours, putProfile, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import type { EventType } from '../schemas/interaction.ts'
import type { SourceName } from '../schemas/placements.ts'
import { alsoViewed } from './also-viewed.ts'

async function liveShop(): Promise<ShopByHand> {
  const of = await shopByHand()
  await goLive(of.ports)
  return of
}

/** What the neighbours alone give ben after these events, oldest first. */
async function found(
  events: [itemId: string, type: EventType][],
  { ports, shop }: ShopByHand,
  sources: SourceName[] = ['item_neighbours'],
) {
  await putProfile(
    ports,
    'ben',
    events.map(([itemId, type], index) => [itemId, type, index + 1]),
  )
  const list = await listed({ userId: 'ben', sources, limit: 20 }, shop)
  return list
    .filter(({ evidence }) => evidence.type === 'neighbour')
    .map(({ itemId, score, reason }) => [itemId, Number(score.toFixed(3)), reason.text])
}

test.each([
  ['view', 'looked at The pen'],
  ['click', 'looked at The pen'],
  ['add_to_cart', 'put The pen into your cart'],
  ['purchase', 'bought The pen'],
  ['rating', 'rated The pen'],
  ['feedback', 'liked The pen'],
] as const)('the reason of a %s is: because you %s', async (type, words) => {
  const of = await liveShop()
  await putNeighbours(of.ports, 'pen', { als: { ink: 1 } })
  expect(await found([['pen', type]], of)).toEqual([['ink', 1, `Because you ${words}`]])
})

test('the latest item and the strongest deed weigh most; the reason names what added most', async () => {
  const of = await liveShop()
  await putNeighbours(of.ports, 'pen', { als: { ink: 1, pad: 1 } })
  await putNeighbours(of.ports, 'cup', { als: { tea: 1, pad: 1 } })
  // Cup 0.4 × 0.6, pen 1 × 0.85 × 0.6: pad has both.
  expect(
    await found(
      [
        ['pen', 'purchase'],
        ['cup', 'view'],
      ],
      of,
    ),
  ).toEqual([
    ['pad', 1, 'Because you bought The pen'],
    ['ink', Number((0.85 / 1.25).toFixed(3)), 'Because you bought The pen'],
    ['tea', Number((0.4 / 1.25).toFixed(3)), 'Because you looked at The cup'],
  ])
})

test('of several deeds with one item the last counts, and only the last five items', async () => {
  const of = await liveShop()
  await putNeighbours(of.ports, 'jam', { als: { ink: 1 } })
  await putNeighbours(of.ports, 'pen', { als: { pad: 1 } })
  const five: [string, EventType][] = [
    ['jam', 'view'],
    ['pen', 'purchase'],
    ['i1', 'view'],
    ['i2', 'view'],
    ['i3', 'view'],
    ['pen', 'view'],
  ]
  expect((await found(five, of)).map(([itemId, , text]) => [itemId, text])).toEqual([
    ['pad', 'Because you looked at The pen'],
    ['ink', 'Because you looked at The jam'],
  ])
  const six: [string, EventType][] = [...five, ['i4', 'view']]
  expect((await found(six, of)).map(([itemId]) => itemId)).toEqual(['pad'])
})

test('nothing recent, or nothing known of it, gives nothing', async () => {
  const of = await liveShop()
  expect(await found([], of)).toEqual([])
  expect(await found([['pen', 'view']], of)).toEqual([])
})

test('what is looked at in one go with an item is proposed by that', async () => {
  const of = await liveShop()
  await putNeighbours(of.ports, 'pen', { als: { cup: 1 }, viewed: { ink: 0.8, pad: 0.4 } })
  const events: [string, EventType][] = [['pen', 'view']]
  expect((await found(events, of, ['also_viewed'])).map(([itemId, score]) => [itemId, score])).toEqual([
    ['ink', 1],
    ['pad', 0.5],
  ])
  const [first] = await alsoViewed.read(await asking(of, { seeds: ['pen'] }))
  expect(first?.evidence).toEqual({ type: 'neighbour', by: 'views', of: 'pen', similarity: 0.8 })
})
