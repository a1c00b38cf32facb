import { beforeEach, expect, test } from 'vitest'
import { asking } from '../../tests/asked-shop.ts'
import { goLive, published, putRules, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { rules } from './rules.ts'

let byHand: ShopByHand

beforeEach(async () => {
  byHand = await shopByHand()
  await goLive(byHand.ports)
})

/** Item and confidence of what the source finds. */
async function found(of: Parameters<typeof asking>[1]) {
  const candidates = await rules.read(await asking(byHand, of))
  return candidates.map(({ itemId, evidence }) => [itemId, evidence.type === 'rule' ? evidence.confidence : undefined])
}

test('a cart leads to what its rules lead to, by confidence, with the rule as evidence', async () => {
  await putRules(byHand.ports, { 'pen => ink': [0.1, 0.5, 2], 'cup => tea': [0.1, 0.8, 3] })
  const candidates = await rules.read(await asking(byHand, { seeds: ['pen', 'cup'] }))
  expect(candidates).toEqual([
    { itemId: 'tea', score: 1, evidence: { type: 'rule', lhs: ['cup'], support: 0.1, confidence: 0.8, lift: 3 } },
    { itemId: 'ink', score: 0.625, evidence: { type: 'rule', lhs: ['pen'], support: 0.1, confidence: 0.5, lift: 2 } },
  ])
})

test('a rule holds when its whole left side is in the cart, and the longest that holds speaks for an item', async () => {
  await putRules(byHand.ports, {
    ...{ 'pen => ink': [0.1, 0.5, 2], 'pad pen => ink': [0.05, 0.6, 2.4], 'cup pen => ink': [0.05, 0.9, 3.6] },
  })
  expect(await found({ seeds: ['pen'] })).toEqual([['ink', 0.5]])
  expect(await found({ seeds: ['pad', 'pen'] })).toEqual([['ink', 0.6]])
  // Found by any item of the left side, wherever it stands in the cart.
  expect(await found({ seeds: ['pen', 'jam', 'pad', 'cup'] })).toEqual([['ink', 0.9]])
})

test('what is in the cart, or may not be listed, is not proposed', async () => {
  await putRules(byHand.ports, { 'pen => ink': [0.1, 0.5, 2], 'pen => pad': [0.1, 0.4, 2], 'pen => gone': [0.1, 1, 2] })
  expect(await found({ seeds: ['pen', 'ink'] })).toEqual([['pad', 0.4]])
  expect(await found({ seeds: ['pen'], unwanted: ['pad'] })).toEqual([['ink', 0.5]])
})

test('scores are relative to the best that may be listed', async () => {
  await putRules(byHand.ports, { 'pen => ink': [0.1, 0.8, 2], 'pen => pad': [0.1, 0.4, 2] })
  const [pad] = await rules.read(await asking(byHand, { seeds: ['pen'], unwanted: ['ink'] }))
  expect([pad?.itemId, pad?.score]).toEqual(['pad', 1])
})

test('without a page or a cart, the latest purchases stand for one; views do not', async () => {
  await putRules(byHand.ports, {
    ...{ 'cup pen => ink': [0.1, 0.5, 2], 'tea => jam': [0.1, 0.6, 2], 'pad => jam': [0.1, 0.9, 2] },
  })
  const lists = { purchases: [['pen', published / 1000 - 60, 1]] as [string, number, number][] }
  expect(await found({ lists, did: [['cup', 'purchase', 1]] })).toEqual([['ink', 0.5]])
  expect(await found({ lists, did: [['pad', 'view', 1]] })).toEqual([])
  const many = Array.from({ length: 12 }, (_, age): [string, number, number] => [`old${age}`, published / 1000, 1])
  expect(await found({ lists: { purchases: [...many, ['tea', 0, 1]] } })).toEqual([])
})

test('a cart of a hundred items asks for the rules of fifty', async () => {
  const asked: string[] = []
  const noRules = async (itemId: string) => {
    asked.push(itemId)
    return []
  }
  const ask = await asking(byHand, { seeds: Array.from({ length: 100 }, (_, place) => `i${place}`) })
  expect(await rules.read({ ...ask, reads: { ...ask.reads, rules: noRules } })).toEqual([])
  expect(asked).toHaveLength(50)
})

test('nothing is known before a generation is live', async () => {
  byHand = await shopByHand()
  expect(await found({ seeds: ['pen'] })).toEqual([])
})
