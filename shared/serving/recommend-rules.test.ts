import { describe, expect, test } from 'vitest'
import { goLive, listed, putLists, putProfile, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { collections } from '../schemas/collections.ts'
import { ItemId, UserId } from '../schemas/ids.ts'
import { Placement } from '../schemas/placements.ts'
import type { ListRequest } from './list-request.ts'
import { ListTrace } from './list-trace.ts'
import { recommend } from './recommend.ts'

/**
 * Office: pen 1, ink 2, pad 3. Kitchen: cup 4, tea 5, jam 6. Anna's trained list is in this order, with scores from 1 to 0.5; the
 * placement home lists by it.
 */
async function shopWith(settings: object): Promise<ShopByHand> {
  const of = await shopByHand()
  await goLive(of.ports)
  await putLists(of.ports, 'anna', { items: { pen: 1, ink: 0.9, pad: 0.8, cup: 0.7, tea: 0.6, jam: 0.5 } })
  const sources = [{ source: 'als', weight: 1 }]
  const home = Placement.parse({ sources, backfill: ['category', 'trending'], ...settings })
  await of.ports.documents.upsert(collections.placements, { id: 'placements', placements: { home } })
  return of
}
const all = ['pen', 'ink', 'pad', 'cup', 'tea', 'jam']

async function listOf(settings: object, request: Partial<ListRequest> = {}) {
  const { shop } = await shopWith(settings)
  return (await listed({ userId: 'anna', limit: 6, ...request }, shop)).map(({ itemId }) => itemId)
}

async function tell({ documents }: ShopByHand['ports'], id: string, fields: object): Promise<void> {
  const item = await documents.read(collections.items, { id, partition: id })
  if (!item) throw new Error(`There is no ${id}`)
  await documents.upsert(collections.items, { ...item.document, ...fields, row_hash: JSON.stringify(fields) })
}

describe('a placement lists', () => {
  test.each<[what: string, settings: object, request: Partial<ListRequest>, expected: string[]]>([
    ['by score', {}, {}, all],
    ['what fulfils its filters', { filters: [{ name: 'cheap', expression: 'price <= 3' }] }, {}, ['pen', 'ink', 'pad']],
    ['what fulfils the filter of the request', {}, { filter: 'price > 4' }, ['tea', 'jam']],
    [
      'what is boosted first',
      { boosts: [{ name: 'k', expression: 'category = "Kitchen"', factor: 1.25 }] },
      {},
      [...['pen', 'ink', 'cup', 'pad', 'tea', 'jam']],
    ],
    [
      'what is unlike what stands above it first, as λ falls',
      { diversity: 0.6 },
      {},
      [...['pen', 'cup', 'ink', 'pad', 'tea', 'jam']],
    ],
    [
      'at most two of a category while there are others',
      { quota: { by: 'category', max: 2 } },
      {},
      [...['pen', 'ink', 'cup', 'tea', 'pad', 'jam']],
    ],
    [
      'pinned items at their places',
      { pins: [{ item_id: 'jam', position: 2 }] },
      {},
      [...['pen', 'jam', 'ink', 'pad', 'cup', 'tea']],
    ],
    [
      'no pinned item that may not be listed',
      {
        ...{ pins: [{ item_id: 'jam', position: 2 }], filters: [{ name: 'cheap', expression: 'price <= 3' }] },
      },
      {},
      ['pen', 'ink', 'pad'],
    ],
  ])('%s', async (_, settings, request, expected) => {
    expect(await listOf(settings, request)).toEqual(expected)
  })

  test('as many of one category as the quota says, from further down before it goes beyond', async () => {
    const settings = { quota: { by: 'category', max: 2 }, backfill: [] }
    const of = await shopWith(settings)
    await putLists(of.ports, 'anna', { items: { pen: 1, ink: 0.9, pad: 0.8 } })
    const list = await listed({ userId: 'anna', limit: 5 }, of.shop)
    expect(list.map(({ rung, itemId }) => `${rung} ${itemId}`)).toEqual([
      ...['personal pen', 'personal ink', 'catalogue cup', 'catalogue jam', 'personal pad'],
    ])
  })

  test('what was shown too often lately only when nothing else is left', async () => {
    const of = await shopWith({ frequency_cap: { times: 3, hours: 24 } })
    await putProfile(of.ports, 'anna', [])
    const key = { id: 'profile', partition: 'anna' }
    const profile = await of.ports.documents.read(collections.profiles, key)
    const second = of.ports.clock() / 1000 - 60
    await of.ports.documents.upsert(collections.profiles, {
      ...profile!.document,
      shown: { pen: [3, second], ink: [2, second], pad: [9, second - 24 * 3600] },
    })
    const list = async (limit: number) => (await listed({ userId: 'anna', limit }, of.shop)).map(({ itemId }) => itemId)
    expect(await list(5)).toEqual(['ink', 'pad', 'cup', 'tea', 'jam'])
    expect(await list(6)).toEqual(['ink', 'pad', 'cup', 'tea', 'jam', 'pen'])
  })

  test('what is sold where the request comes from, and what its age allows', async () => {
    const of = await shopWith({})
    await tell(of.ports, 'pen', { channels: ['store'] })
    await tell(of.ports, 'ink', { regions: ['EU'] })
    await tell(of.ports, 'pad', { min_age: 18 })
    const list = async (request: Partial<ListRequest>) =>
      (await listed({ userId: 'anna', ...request }, of.shop)).map(({ itemId }) => itemId).slice(0, 3)
    expect(await list({})).toEqual(['pen', 'ink', 'cup'])
    expect(await list({ channel: 'web', region: 'US', age: 18 })).toEqual(['pad', 'cup', 'tea'])
    expect(await list({ channel: 'store', region: 'EU', age: 17 })).toEqual(['pen', 'ink', 'cup'])
  })

  test('what the customer’s own age and region allow, where the request tells none', async () => {
    const of = await shopWith({
      filters: [{ name: 'no tea abroad', expression: 'item_id != "tea" or $country = "DE"' }],
    })
    await tell(of.ports, 'ink', { regions: ['EU'] })
    await tell(of.ports, 'pad', { min_age: 18 })
    const born = async (birth_year: number) => {
      await of.ports.documents.upsert(collections.customers, {
        ...{ id: 'customer', user_id: UserId.parse('anna'), country: 'DE', region: 'US', birth_year, row_hash: '' },
      })
      return (await listed({ userId: 'anna', limit: 3 }, of.shop)).map(({ itemId }) => itemId)
    }
    // Born in 2007 one is 18 in 2026 for sure, born in 2008 only after the birthday.
    expect(await born(2007)).toEqual(['pen', 'pad', 'cup'])
    expect(await born(2008)).toEqual(['pen', 'cup', 'tea'])
    const said = await listed({ userId: 'anna', limit: 3, region: 'EU', age: 18, country: 'FR' }, of.shop)
    expect(said.map(({ itemId }) => itemId)).toEqual(['pen', 'ink', 'pad'])
  })

  test('by sources that a request names, by the filters but none of its other manners', async () => {
    const settings = {
      boosts: [{ name: 'k', expression: 'category = "Kitchen"', factor: 9 }],
      ...{ pins: [{ item_id: 'jam', position: 1 }], diversity: 0.1, quota: { by: 'category', max: 1 }, exploration: 1 },
      filters: [{ name: 'no tea', expression: 'item_id != "tea"' }],
    }
    expect(await listOf(settings, { sources: ['als'] })).toEqual(['pen', 'ink', 'pad', 'cup', 'jam'])
  })
})

test('a rule from what was bought lifts what it leads to by its confidence', async () => {
  const of = await shopWith({ rule_boost: 0.5, include_bought: true })
  await putProfile(of.ports, 'anna', [['cup', 'purchase', 60]])
  const value: [ItemId[], ItemId, number, number, number][] = [
    [[ItemId.parse('cup')], ItemId.parse('jam'), 0.1, 0.8, 2],
  ]
  await of.ports.documents.upsert(collections.itemRules, { id: 'cup', a: { generation: 1, value } })
  // 0.5 + 0.5 x 0.8 stands between 0.9 of ink, which was proposed before it, and 0.8 of pad.
  const list = await listed({ userId: 'anna', limit: 6 }, of.shop)
  expect(list.map(({ itemId }) => itemId)).toEqual(['pen', 'ink', 'jam', 'pad', 'cup', 'tea'])
  expect(list[2]).toMatchObject({ contributions: [{ source: 'als' }, { source: 'rules', score: 0.8, added: 0.4 }] })
})

test('chance takes places below the first, draws what is not listed, and is the same for the same seed', async () => {
  const { shop } = await shopWith({ exploration: 0.5 })
  const listBy = (seed: string) => recommend({ placement: 'home', userId: 'anna', limit: 3, seed }, shop)
  const lists = await Promise.all(Array.from({ length: 40 }, (_, seed) => listBy(`${seed}`)))
  for (const { items } of lists) {
    expect(items[0]).toMatchObject({ itemId: 'pen', propensity: 1 })
    expect(new Set(items.map(({ itemId }) => itemId)).size).toBe(3)
    for (const { itemId, evidence, propensity } of items.slice(1)) {
      const isDrawn = ['cup', 'tea', 'jam'].includes(itemId)
      expect(evidence.type === 'exploration').toBe(isDrawn)
      expect(propensity).toBeCloseTo(isDrawn ? 0.5 / 3 : 0.5, 10)
    }
  }
  const drawn = new Set(lists.flatMap(({ items }) => items.map(({ itemId }) => itemId)))
  expect([...drawn].sort()).toEqual([...all].sort())
  expect(JSON.stringify(await listBy('7'))).toBe(JSON.stringify(lists[7]))
  const later = {
    placement: 'home',
    userId: 'anna',
    limit: 3,
    seed: '1',
    isSeen: (id: string) => id === 'pen',
  } as const
  expect((await recommend(later, shop)).items.map(({ itemId }) => itemId)).toEqual(['ink', 'pad', 'cup'])
})

test('what chance draws was not bought, has no thumb down and fulfils the filters', async () => {
  const of = await shopWith({ exploration: 1, filters: [{ name: 'no tea', expression: 'item_id != "tea"' }] })
  await putLists(of.ports, 'anna', { items: { pen: 1, ink: 0.9 }, bought: ['jam'] })
  await putProfile(of.ports, 'anna', [], { disliked: ['cup'] })
  const drawn = new Set<string>()
  for (let seed = 0; seed < 20; seed++) {
    const { items } = await recommend({ placement: 'home', userId: 'anna', limit: 2, seed: `${seed}` }, of.shop)
    drawn.add(items[1]!.itemId)
  }
  expect([...drawn]).toEqual(['pad'])
})

test('a pin counts its place over all pages', async () => {
  const { shop } = await shopWith({ pins: [{ item_id: 'jam', position: 5 }] })
  const page = async (shown: string[]) => {
    const isSeen = shown.length === 0 ? undefined : (itemId: string) => shown.includes(itemId)
    const list = await listed({ userId: 'anna', limit: 3, isSeen, shownBefore: shown.length }, shop)
    return list.map(({ itemId }) => itemId)
  }
  expect(await page([])).toEqual(['pen', 'ink', 'pad'])
  expect(await page(['pen', 'ink', 'pad'])).toEqual(['cup', 'jam', 'tea'])
})

test('a trace tells why what was proposed is not listed', async () => {
  const { shop } = await shopWith({
    ...{ quota: { by: 'category', max: 1 }, pins: [{ item_id: 'tea', position: 1 }], blocked: [ItemId.parse('cup')] },
    filters: [{ name: 'cheap', expression: 'price < 6' }],
  })
  const trace = new ListTrace()
  const { items } = await recommend({ placement: 'home', userId: 'anna', limit: 2, seed: '' }, shop, trace)
  expect(items.map(({ itemId }) => itemId)).toEqual(['tea', 'pen'])
  expect(['cup', 'jam', 'ink', 'pad'].map(itemId => trace.dropped(itemId))).toEqual([
    { stage: 'blocked', detail: 'Blocked in this placement' },
    { stage: 'filter', detail: 'Does not fulfil cheap: price < 6' },
    { stage: 'quota', detail: 'There are 1 of category Office on the list already' },
    { stage: 'quota', detail: 'There are 1 of category Office on the list already' },
  ])
})

describe('what the customer’s record tells', () => {
  /** Anna lives in Wales and was born in 2008: in 2026 she is 17 or 18. */
  async function annaOf2008(settings: object): Promise<ShopByHand> {
    const of = await shopWith(settings)
    const record = { ...{ country: 'United Kingdom', region: 'Wales' }, birth_year: 2008, row_hash: 'x' }
    await of.ports.documents.upsert(collections.customers, {
      ...{ id: 'customer', user_id: UserId.parse('anna'), ...record },
    })
    return of
  }
  const itemsOf = async (of: ShopByHand, request: Partial<ListRequest> = {}) =>
    (await listed({ userId: 'anna', limit: 6, ...request }, of.shop)).map(({ itemId }) => itemId)

  test('holds against the limits of items, by the least age she can have', async () => {
    const of = await annaOf2008({})
    await tell(of.ports, 'pen', { min_age: 17 })
    await tell(of.ports, 'ink', { min_age: 18 })
    await tell(of.ports, 'pad', { regions: ['Scotland'] })
    expect(await itemsOf(of)).toEqual(['pen', 'cup', 'tea', 'jam'])
    expect(await itemsOf(of, { age: 18, region: 'Scotland' })).toEqual(all)
  })

  test('is read where an expression of the placement asks for it', async () => {
    const of = await annaOf2008({ filters: [{ name: 'uk', expression: '$country = "United Kingdom" or price > 3' }] })
    expect(await itemsOf(of)).toEqual(all)
    expect(await itemsOf(of, { userId: 'nobody' })).not.toContain('pen')
  })
})
