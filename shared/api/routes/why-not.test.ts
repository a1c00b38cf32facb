import { describe, expect, test } from 'vitest'
import { apiOver } from '../../../tests/api-by-hand.ts'
import { goLive, putItem, putLists, putModel, putProfile, shopByHand } from '../../../tests/served-shop.ts'
import { ItemList } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { WhyNot } from '../../schemas/explanation.ts'
import { Placement } from '../../schemas/placements.ts'
import { type DropStage, dropStages } from '../../serving/list-trace.ts'
import { whyNot } from '../../serving/why-not.ts'

/**
 * Office: pen 1, ink 2, pad 3. Kitchen: cup 4, tea 5, jam 6. Anna's trained list is pen, ink, pad, cup, tea, with scores from 1 to
 * 0.6; the placement home lists by it. She bought the mug and has her thumb down for the hat; the fan is sold out, the
 * fox is hidden, the van is for the channel app alone.
 */
async function shopWith(settings: object) {
  const of = await shopByHand()
  const { documents } = of.ports
  await goLive(of.ports)
  await putLists(of.ports, 'anna', { items: { pen: 1, ink: 0.9, pad: 0.8, cup: 0.7, tea: 0.6 }, bought: ['mug'] })
  await putProfile(of.ports, 'anna', [], { disliked: ['hat'] })
  for (const id of ['mug', 'hat', 'fan', 'fox', 'van']) {
    await putItem(documents, id, { category: 'Garden', price: 9, inStock: id !== 'fan' })
  }
  for (const [id, fields] of Object.entries({ fox: { hidden: true }, van: { channels: ['app'] } })) {
    const item = await documents.read(collections.items, { id, partition: id })
    await documents.upsert(collections.items, { ...item!.document, ...fields, row_hash: id })
  }
  const home = Placement.parse({ sources: [{ source: 'als', weight: 1 }], backfill: [], ...settings })
  await documents.upsert(collections.placements, { id: 'placements', placements: { home } })
  return { ...of, ...apiOver(of) }
}

async function ask(item: string, query: Record<string, string> = {}, settings: object = {}) {
  const { call } = await shopWith(settings)
  return WhyNot.parse((await call('why-not', { path: { id: 'anna', item }, query: { limit: '2', ...query } })).json)
}

describe('why an item is not on a user’s list:', () => {
  test.each<[stage: DropStage, item: string, detail: string, query?: Record<string, string>, settings?: object]>([
    ['unknown', 'unheard-of', 'Not in the catalogue'],
    ['stock', 'fan', 'Out of stock'],
    ['hidden', 'fox', 'Hidden by the shop'],
    ['bought', 'mug', 'Already bought'],
    ['disliked', 'hat', 'Has the user’s thumb down'],
    ['blocked', 'pen', 'Blocked in this placement', {}, { blocked: ['pen'] }],
    ['limits', 'van', 'Not sold in channel web', { channel: 'web' }],
    ['request', 'pen', 'Not of category Kitchen', { category: 'Kitchen' }],
    ['request', 'pen', 'Its price is not at least 2', { price_min: '2' }],
    [
      'filter',
      'cup',
      'Does not fulfil cheap: price <= 3',
      {},
      { filters: [{ name: 'cheap', expression: 'price <= 3' }] },
    ],
    ['not_proposed', 'jam', 'Not among what these sources proposed: als (5)'],
    ['min_score', 'cup', 'Its score of 0.7 is below 0.75', { min_score: '0.75' }],
    ['quota', 'ink', 'There are 1 of category Office on the list already', {}, { quota: { by: 'category', max: 1 } }],
    ['diversity', 'ink', 'It is number 2 by score, but much like others on the list', {}, { diversity: 0.5 }],
    ['limit', 'pad', 'It is number 3 of a list of 2'],
    ['limit', 'tea', 'It is number 5 by score of a list of 2'],
  ])('%s, %s: %s', async (stage, item, detail, query, settings) => {
    expect(await ask(item, query, settings)).toEqual({
      ...{ item_id: item, placement: 'home', listed: false, position: null, stage, detail },
      passed: dropStages.slice(0, dropStages.map(String).indexOf(stage)),
      model_version: 'v1',
    })
  })

  test('a page before showed it', async () => {
    const { call } = await shopWith({})
    const first = ItemList.parse((await call('recommend-user', { path: { id: 'anna' }, query: { limit: '2' } })).json)
    const query = { limit: '2', cursor: first.next_cursor ?? '' }
    const { json } = await call('why-not', { path: { id: 'anna', item: 'pen' }, query })
    expect(json).toMatchObject({ listed: false, stage: 'seen', detail: 'Was on an earlier page' })
    const next = await call('why-not', { path: { id: 'anna', item: 'pad' }, query })
    expect(next.json).toMatchObject({ listed: true, position: 1 })
  })

  test('it was shown often and ignored', async () => {
    const { call, ports } = await shopWith({ frequency_cap: { times: 3, hours: 24 } })
    const key = { id: 'profile', partition: 'anna' }
    const profile = (await ports.documents.read(collections.profiles, key))!.document
    const shown = { pen: [3, Math.floor(ports.clock() / 1000) - 60] as [number, number] }
    await ports.documents.upsert(collections.profiles, { ...profile, shown })
    const { json } = await call('why-not', { path: { id: 'anna', item: 'pen' }, query: { limit: '2' } })
    expect(json).toMatchObject({ listed: false, stage: 'frequency_cap' })
  })

  test('chance has its place', async () => {
    const { call } = await shopWith({ exploration: 1 })
    const { json } = await call('why-not', { path: { id: 'anna', item: 'ink' }, query: { limit: '2' } })
    expect(json).toMatchObject({ listed: false, stage: 'displaced', detail: 'Chance has its place, 2' })
  })

  test('it is the item of the page', async () => {
    const { shop } = await shopWith({})
    const request = { placement: 'similar', items: ['pen'], limit: 2, seed: '' } as const
    expect((await whyNot('pen', request, shop)).dropped).toEqual({
      stage: 'own',
      detail: 'Is on the page or in the cart',
    })
  })
})

test('an item that is listed is told with its place, and has passed every stage', async () => {
  expect(await ask('ink')).toMatchObject({ listed: true, position: 2, stage: null, detail: null, passed: dropStages })
})

test('a filter that is none is refused as by the list itself', async () => {
  const { call } = await shopWith({})
  const sent = { path: { id: 'anna', item: 'pen' }, query: { filter: 'price <' } }
  expect(await call('why-not', sent)).toMatchObject({ status: 400, json: { errors: [{ field: 'filter' }] } })
})

describe('explain=full tells', () => {
  const explained = async (settings: object, query: Record<string, string> = {}) => {
    const { call } = await shopWith(settings)
    const sent = { path: { id: 'anna' }, query: { limit: '2', explain: 'full', ...query } }
    return ItemList.parse((await call('recommend-user', sent)).json)
  }

  test('what each source adds, which boosts hold, and how steps move an item', async () => {
    const boosts = [{ name: 'kitchen', expression: 'category = "Kitchen"', factor: 2 }]
    const { items, explanation } = await explained({ boosts })
    expect(items.map(({ item_id: id, score }) => [id, score])).toEqual([
      ['cup', 1],
      ['tea', 0.8571],
    ])
    expect(explanation?.sources).toEqual([{ source: 'als', asked: 'first', candidates: 5 }])
    expect(explanation?.steps[0]).toEqual({ step: 'blend', items: 5 })
    expect(explanation?.items[0]).toMatchObject({
      ...{ item_id: 'cup', propensity: 1, boosts: [{ name: 'kitchen', factor: 2 }] },
      contributions: [{ source: 'als', score: 0.7, added: 0.7, reason: { code: 'personal' } }],
    })
    expect(explanation?.items[0]?.positions.slice(0, 2)).toEqual([
      { step: 'blend', position: 4 },
      { step: 'boosts', position: 1 },
    ])
    expect(explanation?.items[0]).not.toHaveProperty('taste')
  })

  test('what was kept out, by stage and by item', async () => {
    const { explanation } = await explained({}, { min_score: '0.95' })
    expect(explanation?.kept_out).toEqual({ min_score: 4 })
    expect(explanation?.kept_out_items[0]).toEqual({
      ...{ item_id: 'ink', stage: 'min_score', detail: 'Its score of 0.9 is below 0.95' },
    })
  })

  test('what each past item adds, where the model is in memory: the terms sum to the score', async () => {
    const { call, shop, ports } = await shopWith({})
    await putModel(ports, { pen: [1, 0], ink: [0.8, 0.1], mug: [0.9, 0.2], cup: [0, 1] })
    shop.model((await shop.live())!)
    await shop.modelSettled()
    await putProfile(ports, 'anna', [['cup', 'view', -60]])
    const { json } = await call('recommend-user', { path: { id: 'anna' }, query: { limit: '1', explain: 'full' } })
    const { items, explanation } = ItemList.parse(json)
    expect(items[0]?.reason.text).toBe('Because you bought The mug')
    const taste = explanation?.items[0]?.taste
    expect(taste?.terms.map(({ item_id: id }) => id)).toEqual(['mug', 'cup'])
    expect((taste?.others ?? 0) + (taste?.terms ?? []).reduce((sum, { term }) => sum + term, 0)).toBeCloseTo(
      taste?.score ?? Number.NaN,
      9,
    )
  })

  test('nothing unless asked for, and nothing but full can be asked', async () => {
    const { call } = await shopWith({})
    expect((await call('recommend-user', { path: { id: 'anna' } })).json).not.toHaveProperty('explanation')
    const refused = await call('recommend-user', { path: { id: 'anna' }, query: { explain: 'some' } })
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ field: 'explain', reason: 'must be full' }] } })
  })
})
