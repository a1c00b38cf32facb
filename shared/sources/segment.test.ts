import { beforeEach, expect, test } from 'vitest'
import { asking } from '../../tests/asked-shop.ts'
import { goLive, published, putIndexes, putModel, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { decodeSegments, encodeSegments, nearestSegment, type Segments } from '../algorithms/segments.ts'
import { collections } from '../schemas/collections.ts'
import { ItemId } from '../schemas/ids.ts'
import { segmentPopularityId } from '../schemas/published.ts'
import { behaviourFeatures } from '../training/behaviour.ts'
import { modelBlobs, writeContent } from '../training/content-blobs.ts'
import { segment } from './segment.ts'

const features = behaviourFeatures.length
const price = behaviourFeatures.indexOf('price')
/** Two segments that differ in the level of prices alone: around 1 and around 6. */
const segments: Segments = {
  means: new Float64Array(features),
  deviations: Float64Array.from({ length: features }, (_, at) => (at === price ? 1 : 0)),
  centroids: Float64Array.from({ length: 2 * features }, (_, at) => {
    if (at === price) return 0
    return at === features + price ? Math.log2(6) : 0
  }),
  sizes: Uint32Array.of(40, 20),
  names: ['low price', 'high price, Küche'],
}
let byHand: ShopByHand

beforeEach(async () => {
  byHand = await shopByHand()
  const { ports } = byHand
  await putModel(ports, { pen: [1] })
  const blob = await writeContent(encodeSegments(segments), { folder: modelBlobs, blobs: ports.blobs })
  await putIndexes(ports, { segments: blob })
  for (const [key, items] of Object.entries({ s1: { pen: 8, ink: 4 }, s2: { jam: 3, tea: 1 } })) {
    const value = {
      at: published,
      items: Object.entries(items).map(([id, score]): [ItemId, number] => [ItemId.parse(id), score]),
    }
    await ports.documents.upsert(collections.popularity, { id: segmentPopularityId(key), a: { generation: 1, value } })
  }
  await goLive(ports)
})

test('a user of a segment gets what it buys, with its name', async () => {
  const evidence = { type: 'segment', name: 'high price, Küche' }
  expect(await segment.read(await asking(byHand, { lists: { segment: 's2' }, did: [['pen', 'view', 1]] }))).toEqual([
    { itemId: 'jam', score: 1, evidence },
    { itemId: 'tea', score: 1 / 3, evidence },
  ])
})

test('a visitor gets what the segment buys whose centroid is nearest to what they did', async () => {
  const cheap = await segment.read(await asking(byHand, { did: [['pen', 'view', 1]], unwanted: ['pen'] }))
  expect(cheap.map(({ itemId }) => itemId)).toEqual(['ink'])
  const dear = await segment.read(await asking(byHand, { did: [['jam', 'purchase', 1]] }))
  expect(dear[0]?.evidence).toEqual({ type: 'segment', name: 'high price, Küche' })
})

test('a segment that is no more, or a visitor who did nothing, gets what the visit tells, or nothing', async () => {
  const gone = await segment.read(await asking(byHand, { lists: { segment: 's9' }, did: [['jam', 'view', 1]] }))
  expect(gone.map(({ itemId }) => itemId)).toEqual(['jam', 'tea'])
  expect(await segment.read(await asking(byHand))).toEqual([])
})

test('segments are read from bytes as they were; what is not known of a user counts as the mean', () => {
  expect(decodeSegments(encodeSegments(segments))).toEqual(segments)
  expect(nearestSegment(segments, new Array<number>(features).fill(Number.NaN))).toBe(0)
})
