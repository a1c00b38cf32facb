import { beforeEach, expect, test } from 'vitest'
import { asking } from '../../tests/asked-shop.ts'
import { goLive, published, putIndexes, putModel, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { encodeRepurchase } from '../algorithms/repurchase.ts'
import { modelBlobs, writeContent } from '../training/content-blobs.ts'
import { buyAgain } from './buy-again.ts'

const day = 86_400
const second = published / 1000
const daysAgo = (days: number) => second - days * day
let byHand: ShopByHand

/** Tea is bought again after 30 days by 60 of a hundred, pens after 100 days by 20, jam after 30 days by 10. */
beforeEach(async () => {
  byHand = await shopByHand()
  const { ports } = byHand
  await putModel(ports, { tea: [1], pen: [1], jam: [1] })
  const index = {
    intervalDays: Float32Array.of(30, 100, 30),
    repeatShare: Float32Array.of(0.6, 0.2, 0.1),
    spread: 0.5,
  }
  const blob = await writeContent(encodeRepurchase(index), { folder: modelBlobs, blobs: ports.blobs })
  await putIndexes(ports, { repurchase: blob })
  await goLive(ports)
})

test('what is due comes first, with when and how often it was bought and the interval', async () => {
  const purchases: [string, number, number][] = [
    ['jam', daysAgo(30), 1],
    ['tea', daysAgo(30), 1],
    ['pen', daysAgo(60), 1],
  ]
  const found = await buyAgain.read(await asking(byHand, { lists: { purchases } }))
  expect(found.map(({ itemId }) => itemId)).toEqual(['tea', 'pen', 'jam'])
  expect(found[0]).toEqual({
    itemId: 'tea',
    score: 1,
    evidence: { type: 'bought', at: daysAgo(30) * 1000, times: 1, intervalDays: 30 },
  })
  expect(found[2]?.score).toBeCloseTo(0.1 / 0.6, 6)
})

test('what was bought just now, or was given up long ago, is not proposed', async () => {
  const purchases: [string, number, number][] = [
    ['tea', daysAgo(2), 1],
    ['jam', daysAgo(400), 1],
  ]
  expect(await buyAgain.read(await asking(byHand, { lists: { purchases } }))).toEqual([])
  // Due by the published purchases, but bought again since.
  const due: [string, number, number][] = [['tea', daysAgo(30), 1]]
  const again = await asking(byHand, {
    lists: { purchases: due },
    did: [['tea', 'purchase', 60]],
    nowMs: published + 120_000,
  })
  expect(await buyAgain.read(again)).toEqual([])
})

test('three purchases make an interval of the user’s own', async () => {
  const purchases: [string, number, number, number][] = [['pen', daysAgo(10), 3, daysAgo(30)]]
  const [pen] = await buyAgain.read(await asking(byHand, { lists: { purchases } }))
  expect(pen?.evidence).toEqual({ type: 'bought', at: daysAgo(10) * 1000, times: 3, intervalDays: 10 })
})

test('purchases that no published list knows of yet count too', async () => {
  const ask = await asking(byHand, { did: [['tea', 'purchase', -30 * day]] })
  expect((await buyAgain.read(ask)).map(({ itemId }) => itemId)).toEqual(['tea'])
})

test('views are no purchases, and what is unwanted or on the page is not proposed', async () => {
  const purchases: [string, number, number][] = [['tea', daysAgo(30), 1]]
  expect(await buyAgain.read(await asking(byHand, { did: [['tea', 'view', -30 * day]] }))).toEqual([])
  expect(await buyAgain.read(await asking(byHand, { lists: { purchases }, unwanted: ['tea'] }))).toEqual([])
  expect(await buyAgain.read(await asking(byHand, { lists: { purchases }, seeds: ['tea'] }))).toEqual([])
})
