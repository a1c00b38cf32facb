import { expect, test } from 'vitest'
import { goLive, listed, putNeighbours, putPopularity, shopByHand } from '../../tests/served-shop.ts'
import type { SourceName } from '../schemas/placements.ts'

const kinds: Record<string, SourceName[] | undefined> = { als: ['item_neighbours'], copurchase: ['copurchase'] }

async function listFor(itemId: string, kind: string, of: { category?: string; minScore?: number } = {}) {
  const { ports, shop } = await shopByHand()
  await goLive(ports)
  await putNeighbours(ports, 'pen', { als: { ink: 0.9, cup: 0.3 }, copurchase: { pad: 0.5 } })
  await putPopularity(ports, { jam: 5, pen: 4, pad: 3, ink: 1 })
  await putPopularity(ports, { pen: 4, pad: 3, ink: 1 }, 'Office')
  await putPopularity(ports, { jam: 5, tea: 4 }, 'Kitchen')
  return listed({ placement: 'similar', items: [itemId], sources: kinds[kind], ...of }, shop)
}
const names = (list: Awaited<ReturnType<typeof listFor>>) => list.map(({ rung, itemId }) => `${rung} ${itemId}`)

test('neighbours come first, then what is popular in the item’s category, then in the shop; never the item itself', async () => {
  expect(names(await listFor('pen', 'als'))).toEqual([
    'item ink',
    'item cup',
    'category pad',
    'trending jam',
    'catalogue tea',
  ])
  expect(names(await listFor('pen', 'copurchase'))).toEqual([
    'item pad',
    'category ink',
    'trending jam',
    'catalogue cup',
    'catalogue tea',
  ])
  expect(names(await listFor('pen', 'hybrid'))).toEqual([
    'item ink',
    'item pad',
    'item cup',
    'trending jam',
    'catalogue tea',
  ])
})

test('the reason names the item, and says when the two are bought together', async () => {
  expect((await listFor('pen', 'als'))[0]?.reason).toMatchObject({ code: 'similar', text: 'Goes with The pen' })
  expect((await listFor('pen', 'copurchase'))[0]?.reason.text).toBe('Bought together with The pen')
})

test('an item without neighbours gets its category', async () => {
  expect(names(await listFor('tea', 'hybrid'))).toEqual([
    ...['category jam', 'trending pen', 'trending pad', 'trending ink', 'catalogue cup'],
  ])
})

test('another category than the item’s may be asked for, and a least score', async () => {
  expect(names(await listFor('pen', 'als', { category: 'Kitchen' }))).toEqual([
    ...['item cup', 'category jam', 'category tea'],
  ])
  expect(names(await listFor('pen', 'als', { minScore: 0.8 }))).toEqual(['item ink', 'trending jam'])
})
