import { beforeEach, expect, test } from 'vitest'
import { asking } from '../../tests/asked-shop.ts'
import { goLive, putIndexes, putModel, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { contentFeatures } from '../algorithms/content-features.ts'
import { encodeCsr, transpose } from '../algorithms/csr.ts'
import { encodeNameList, nameListOf } from '../algorithms/name-list.ts'
import { modelBlobs, writeContent } from '../training/content-blobs.ts'
import { content } from './content.ts'
import type { Candidate } from './source.ts'

const told = {
  pen: { text: 'blue writing', category: 'Office', price: 1 },
  ink: { text: 'blue writing', category: 'Office', price: 2, brand: 'Acme' },
  pad: { text: 'paper', category: 'Office', price: 3 },
  cup: { text: 'blue pottery', category: 'Kitchen', price: 4, tags: ['gift'] },
  tea: { text: 'paper bag', category: 'Kitchen', price: 50 },
  jam: { text: 'sweet', category: 'Kitchen', price: 60 },
}
let byHand: ShopByHand

beforeEach(async () => {
  byHand = await shopByHand()
  const { blobs } = byHand.ports
  // Nobody had to do with anything but the pen.
  await putModel(byHand.ports, { pen: [1] })
  const { features, rows } = contentFeatures(Object.values(told), { termsMax: 100 })
  const keep = (bytes: Uint8Array) => writeContent(bytes, { folder: modelBlobs, blobs })
  await putIndexes(byHand.ports, {
    content: {
      items: await keep(encodeNameList(nameListOf(Object.keys(told)))),
      features: await keep(encodeNameList(nameListOf(features))),
      rows: await keep(encodeCsr(rows)),
      itemsOf: await keep(encodeCsr(transpose(rows))),
    },
  })
  await goLive(byHand.ports)
})

const ids = (found: readonly Candidate[]) => found.map(({ itemId }) => itemId)

test('a page lists what is most like its item, with the item and the terms in common that sum to the score', async () => {
  const found = await content.read(await asking(byHand, { seeds: ['pen'] }))
  expect(ids(found).slice(0, 2)).toEqual(['ink', 'cup'])
  expect(ids(found)).not.toContain('pen')
  const [ink, cup] = found
  if (ink?.evidence.type !== 'content' || cup?.evidence.type !== 'content') throw new Error('Content tells its terms')
  expect(ink.evidence.of).toBe('pen')
  expect(ink.evidence.terms.map(([term]) => term).toSorted()).toEqual(['blue', 'category:Office', 'writing'].toSorted())
  const sum = (terms: readonly (readonly [string, number])[]) => terms.reduce((total, [, value]) => total + value, 0)
  expect(sum(cup.evidence.terms) / sum(ink.evidence.terms)).toBeCloseTo(cup.score, 6)
  expect(ink.score).toBe(1)
})

test('products that nobody had to do with are found by what the visitor looked at', async () => {
  const found = await content.read(await asking(byHand, { did: [['cup', 'view', 1]], unwanted: ['pen', 'ink'] }))
  expect(ids(found)[0]).toBe('jam')
  expect(found[0]?.evidence).toMatchObject({ of: 'cup' })
})

test('preferences alone make a list: brand, tag, category and price', async () => {
  const brand = await content.read(await asking(byHand, { preferences: { brands: ['Acme'] } }))
  expect(ids(brand)).toEqual(['ink'])
  expect(brand[0]?.evidence).toEqual({ type: 'content', terms: [['brand:Acme', expect.any(Number)]] })
  const kitchen = await content.read(await asking(byHand, { preferences: { categories: ['Kitchen', 'Garden'] } }))
  expect(ids(kitchen).toSorted()).toEqual(['cup', 'jam', 'tea'])
  const gifts = await content.read(await asking(byHand, { preferences: { tags: ['gift'] } }))
  expect(ids(gifts)).toEqual(['cup'])
  const dear = await content.read(await asking(byHand, { preferences: { price_min: 40 } }))
  expect(ids(dear).toSorted()).toEqual(['jam', 'tea'])
  const cheap = await content.read(await asking(byHand, { preferences: { price_max: 1 } }))
  expect(ids(cheap)).toEqual(['pen'])
})

test('what was done lately and what is preferred both count, and no single item is named then', async () => {
  const ask = await asking(byHand, { did: [['cup', 'view', 1]], preferences: { brands: ['Acme'] } })
  const found = await content.read(ask)
  expect(ids(found).slice(0, 3)).toContain('ink')
  expect(ids(found).slice(0, 3)).toContain('jam')
  for (const { evidence } of found) expect(evidence).not.toHaveProperty('of')
})

test('a visitor of whom nothing is known, or who did what the shop does not know, gets nothing', async () => {
  expect(await content.read(await asking(byHand))).toEqual([])
  expect(await content.read(await asking(byHand, { did: [['unicorn', 'view', 1]] }))).toEqual([])
  expect(await content.read(await asking(byHand, { preferences: { brands: ['Nobody'] } }))).toEqual([])
})
