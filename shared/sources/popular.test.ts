import { expect, test } from 'vitest'
import {
  goLive,
  hourMs,
  published,
  putCounters,
  putPopularity,
  type ShopByHand,
  shopByHand,
} from '../../tests/served-shop.ts'
import { popularItems } from './popular.ts'

const popular = async ({ shop }: ShopByHand, category?: string) =>
  (await popularItems(shop, category)).map(({ itemId, score }) => [itemId, Number(score.toFixed(3))])

test('purchases from files and what the stream counted are added, each decayed to the same moment', async () => {
  const of = await shopByHand()
  await goLive(of.ports)
  // Half-life is an hour; a purchase in files weighs 10.
  await putPopularity(of.ports, { pen: 2, cup: 1 })
  await putCounters(of.ports, { cup: 15, tea: 5 }, { at: published + hourMs })
  // An hour on: pen 20 / 2 = 10, cup 10 / 2 + 15 = 20, tea 5.
  expect(await popular(of)).toEqual([
    ['cup', 1],
    ['pen', 0.5],
    ['tea', 0.25],
  ])
  const [first] = await popularItems(of.shop)
  expect(first?.evidence).toEqual({ type: 'trending' })
})

test('counters of all partitions are added up', async () => {
  const of = await shopByHand()
  await putCounters(of.ports, { pen: 4, cup: 1 }, { partition: '0' })
  await putCounters(of.ports, { cup: 8 }, { partition: '1', at: published + hourMs })
  // Pen 4 / 2, cup 1 / 2 + 8.
  expect(await popular(of)).toEqual([
    ['cup', 1],
    ['pen', Number((2 / 8.5).toFixed(3))],
  ])
})

test('a category counts its own items alone, and says so', async () => {
  const of = await shopByHand()
  await goLive(of.ports)
  await putPopularity(of.ports, { pen: 9, cup: 2 })
  await putPopularity(of.ports, { cup: 2 }, 'Kitchen')
  await putCounters(of.ports, { pen: 50, tea: 10 })
  expect(await popular(of, 'Kitchen')).toEqual([
    ['cup', 1],
    ['tea', 0.5],
  ])
  const [first] = await popularItems(of.shop, 'Kitchen')
  expect(first?.evidence).toEqual({ type: 'category', category: 'Kitchen' })
})

test('ties go by item id, and a shop where nothing happened has nothing popular', async () => {
  const of = await shopByHand()
  expect(await popular(of)).toEqual([])
  await putCounters(of.ports, { tea: 1, jam: 1, cup: 1 })
  of.ports.advance(200_000)
  expect(await popular(of)).toEqual([
    ['cup', 1],
    ['jam', 1],
    ['tea', 1],
  ])
})

test('an old shop keeps its ranks: nothing decays to nothing while nothing happens', async () => {
  const of = await shopByHand()
  await putCounters(of.ports, { pen: 2, cup: 1 }, { at: published - 20_000 * hourMs })
  expect(await popular(of)).toEqual([
    ['pen', 1],
    ['cup', 0.5],
  ])
})
