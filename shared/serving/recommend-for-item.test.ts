import { expect, test } from 'vitest'
import { goLive, putNeighbours, putPopularity, shopByHand } from '../../tests/served-shop.ts'
import { type NeighbourKind, recommendForItem } from './recommend-for-item.ts'

async function listFor(itemId: string, kind: NeighbourKind, of: { category?: string; minScore?: number } = {}) {
  const { ports, shop } = await shopByHand()
  await goLive(ports)
  await putNeighbours(ports, 'pen', { als: { ink: 0.9, cup: 0.3 }, copurchase: { pad: 0.5 } })
  await putPopularity(ports, { jam: 5, pen: 4, pad: 3, ink: 1 })
  await putPopularity(ports, { pen: 4, pad: 3, ink: 1 }, 'Office')
  await putPopularity(ports, { jam: 5, tea: 4 }, 'Kitchen')
  return recommendForItem(itemId, { limit: 10, kind, ...of }, shop)
}
const names = (list: Awaited<ReturnType<typeof listFor>>) => list.map(({ rung, itemId }) => `${rung} ${itemId}`)

test('neighbours come first, then what is popular in the item’s category, then in the shop; never the item itself', async () => {
  expect(names(await listFor('pen', 'als'))).toEqual(['similar ink', 'similar cup', 'category pad', 'trending jam'])
  expect(names(await listFor('pen', 'copurchase'))).toEqual(['similar pad', 'category ink', 'trending jam'])
  expect(names(await listFor('pen', 'hybrid'))).toEqual(['similar ink', 'similar pad', 'similar cup', 'trending jam'])
})

test('the reason names the item, and says when the two are bought together', async () => {
  expect((await listFor('pen', 'als'))[0]?.reason).toEqual({ code: 'similar', text: 'Goes with The pen' })
  expect((await listFor('pen', 'copurchase'))[0]?.reason.text).toBe('Bought together with The pen')
})

test('an item without neighbours gets its category', async () => {
  expect(names(await listFor('tea', 'hybrid'))).toEqual([
    ...['category jam', 'trending pen', 'trending pad', 'trending ink'],
  ])
})

test('another category than the item’s may be asked for, and a least score', async () => {
  expect(names(await listFor('pen', 'als', { category: 'Kitchen' }))).toEqual([
    ...['similar cup', 'category jam', 'category tea'],
  ])
  expect(names(await listFor('pen', 'als', { minScore: 0.8 }))).toEqual(['similar ink', 'trending jam'])
})

test('an item that is not in the catalogue is unknown', async () => {
  await expect(listFor('unicorn', 'als')).rejects.toMatchObject({
    ...{ code: 'unknown_item', errors: [{ field: 'item_id', value: 'unicorn' }] },
  })
})
