import { expect, test } from 'vitest'
import { goLive, listed, putLists, putModel, putProfile, shopByHand } from '../../../tests/served-shop.ts'
import { gramian } from '../../algorithms/gramian.ts'
import type { EventType } from '../../schemas/interaction.ts'
import { tasteReason, tasteTerms } from './taste-reason.ts'

/** Office on one axis, kitchen on the other; ink leans a little to the kitchen. */
const rows = { pen: [1, 0], pad: [0.9, 0], ink: [0.8, 0.1], cup: [0, 1], tea: [0, 0.9] }
const values = Float32Array.from(Object.values(rows).flat())
const model = {
  rowOf: new Map(Object.keys(rows).map((itemId, row) => [itemId, row])),
  factors: { side: { factors: 2, values, gramian: gramian(values, 2) } },
  parameters: { alpha: 4, regularization: 0.1, regularizationExponent: 0, meanEntries: 2 },
}

async function shopWithTaste(events: [itemId: string, type: EventType, second: number][]) {
  const of = await shopByHand()
  await putModel(of.ports, rows)
  await goLive(of.ports)
  await putProfile(of.ports, 'anna', events)
  of.shop.model((await of.shop.live())!)
  await of.shop.modelSettled()
  return of
}

test('the reason is the past item that adds most, and its share of what past items add', () => {
  const explained = tasteTerms(model, new Map(Object.entries({ cup: 1, pen: 1, pad: 0.2, unheardOf: 9 })))('ink')
  expect(explained?.terms.map(({ itemId }) => itemId)).toEqual(['pen', 'pad', 'cup'])
  expect(explained?.terms.reduce((sum, { term }) => sum + term, 0)).toBeCloseTo(explained?.score ?? Number.NaN, 12)
  const reason = tasteReason(explained, { didOf: () => 'purchase', isWhole: true })
  expect(reason).toMatchObject({ type: 'item', of: 'pen', did: 'purchase' })
  const added = explained?.terms.reduce((sum, { term }) => sum + Math.max(0, term), 0) ?? 0
  expect(reason).toHaveProperty('share', explained!.terms[0]!.term / added)
})

test('what the model does not know, or of whom it knows nothing, has no terms', () => {
  expect(tasteTerms(model, new Map([['pen', 1]]))('unheardOf')).toBeUndefined()
  expect(tasteTerms(model, new Map([['unheardOf', 1]]))('pen')).toBeUndefined()
})

test('where past items add nothing it was popularity, as far as taste is all that is told by', () => {
  const explained = tasteTerms(model, new Map([['pen', 1]]))('tea')
  const didOf = (): EventType => 'view'
  expect(tasteReason(explained, { didOf, isWhole: true })).toEqual({ type: 'popularity' })
  expect(tasteReason(explained, { didOf, isWhole: false })).toBeUndefined()
})

test('a list made by taste says which past item it comes from and what was done with it', async () => {
  const { shop } = await shopWithTaste([
    ['cup', 'view', -90],
    ['cup', 'add_to_cart', -80],
    ['cup', 'click', -70],
    ['pen', 'purchase', -60],
  ])
  const reasons = new Map(
    (await listed({ userId: 'anna', sources: ['fold_in'] }, shop)).map(({ itemId, reason }) => [itemId, reason]),
  )
  expect(reasons.get('pad')).toMatchObject({
    ...{ code: 'personal', text: 'Because you bought The pen', values: { item_id: 'pen', share: 1 } },
  })
  expect(reasons.get('tea')?.text).toBe('Because you put The cup into your cart')
})

test('a published list is explained by what is known of the user, and stays general where nothing is', async () => {
  const { ports, shop } = await shopWithTaste([])
  await putLists(ports, 'anna', { items: { pad: 2, tea: 1 }, bought: ['pen'] })
  await putLists(ports, 'bert', { items: { pad: 2 } })
  const [pad, tea] = await listed({ userId: 'anna', sources: ['als'] }, shop)
  expect(pad?.reason.text).toBe('Because you bought The pen')
  expect(tea?.reason.text).toBe('Picked for you from what shoppers like you buy')
  const [first] = await listed({ userId: 'bert', sources: ['als'] }, shop)
  expect(first?.reason.text).toBe('Picked for you from what shoppers like you buy')
})
