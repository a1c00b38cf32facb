import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import type { Call } from '../../../tests/api-request.ts'
import { goLive, putItem, putProfile, type ShopByHand } from '../../../tests/served-shop.ts'
import { ItemList } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { defaultPlacements } from '../../serving/default-placements.ts'
import { shop } from '../../serving/shop.ts'

const listRoutes: [string, Call][] = [
  ['recommend-user', { path: { id: 'anna' } }],
  ['recommend-session', { path: { id: 's1' } }],
  ['recommend-item', { path: { id: 'pen' } }],
  ['recommend-category', { path: { category: 'Kitchen' } }],
  ['recommend-cart', { query: { items: 'pen,ink' } }],
  ['recommend-cart-posted', { body: { items: ['pen', 'ink'] } }],
  ['recommend-search', { body: { items: ['tea', 'ink', 'jam', 'pen', 'pad'] } }],
  ['trending', {}],
]
/** The same call with more asked of the list, by query or by body as the route takes it. */
const asking = ({ path = {}, query = {}, body }: Call, more: Record<string, string | number>): Call =>
  body === undefined ? { path, query: { ...query, ...texts(more) } } : { path, body: { ...Object(body), ...more } }
const texts = (values: Record<string, string | number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

async function listed(of: ReturnType<typeof apiOver>, route: string, call: Call) {
  const answer = await of.call(route, call)
  expect(answer.status, JSON.stringify(answer.json)).toBe(200)
  const list = ItemList.parse(answer.json)
  return { ...list, ids: list.items.map(({ item_id: itemId }) => itemId) }
}

describe.each(listRoutes)('%s %j', (route, call) => {
  test('gives page after page until everything was shown once', async () => {
    const api = apiOver(await answeringShop())
    const whole = await listed(api, route, asking(call, { limit: 100 }))
    expect(whole.next_cursor).toBeNull()
    expect(whole.ids.length).toBeGreaterThan(1)
    const shown: string[] = []
    let next: string | null | undefined
    while (next !== null) {
      const page = await listed(api, route, asking(call, { limit: 1, ...(next ? { cursor: next } : {}) }))
      expect(page.ids).toHaveLength(1)
      shown.push(...page.ids)
      next = page.next_cursor
    }
    expect(shown.sort()).toEqual(whole.ids.sort())
  })

  test('refuses the cursor of another list, a broken filter and an empty price range with field, value and reason', async () => {
    const api = apiOver(await answeringShop())
    const { next_cursor: cursor } = await listed(api, route, asking(call, { limit: 1 }))
    const refused = async (more: Record<string, string | number>) => {
      const { status, json } = await api.call(route, asking(call, more))
      const { errors } = z.object({ errors: z.array(z.record(z.string(), z.unknown())) }).parse(json)
      return [status, errors[0]?.field, errors[0]?.value, errors[0]?.reason]
    }
    const others = { limit: 1, brand: 'Acme', cursor: cursor ?? '' }
    const ofAnother = 'must be the next_cursor of an earlier answer to the same request'
    expect(await refused(others)).toEqual([400, 'cursor', cursor, ofAnother])
    expect(await refused({ cursor: 'not one!' })).toEqual([400, 'cursor', 'not one!', ofAnother])
    expect(await refused({ filter: 'prise < 3' })).toEqual([
      400,
      'filter',
      'prise < 3',
      expect.stringContaining('price'),
    ])
    const [status, field] = await refused({ price_min: 3, price_max: 2 })
    expect([status, field]).toEqual([400, 'price_max'])
  })

  test('lists only what is in the price range and of the category', async () => {
    const api = apiOver(await answeringShop())
    const { items } = await listed(api, route, asking(call, { price_min: 2, price_max: 5 }))
    expect(items.length).toBeGreaterThan(0)
    for (const { price } of items) expect(price >= 2 && price <= 5).toBe(true)
  })
})

test('pages go on as before when another generation goes live, stock changes and the user does something in between', async () => {
  const { ports, shop: served } = await answeringShop()
  const api = apiOver({ ports, shop: served })
  const call = { path: { id: 'anna' }, query: { limit: '2' } }
  const first = await listed(api, 'recommend-user', call)
  expect(first.ids).toEqual(['tea', 'ink'])
  const value = {
    items: [
      ['ink', 3],
      ['tea', 2],
      ['jam', 1],
    ],
    purchases: [],
  } as const
  const lists = await ports.documents.read(collections.userLists, { id: 'anna', partition: 'anna' })
  await ports.documents.upsert(collections.userLists, {
    ...{ id: 'anna', ...lists?.document },
    b: { generation: 2, value: JSON.parse(JSON.stringify(value)) },
  })
  await goLive(ports, 2)
  await putProfile(ports, 'anna', [['jam', 'view', 5]])
  await putItem(ports.documents, 'jam', { category: 'Kitchen', inStock: false })
  ports.advance(60_000)
  const later = await listed(api, 'recommend-user', { ...call, query: { limit: '9', cursor: first.next_cursor ?? '' } })
  expect(later.model_version).toBe('v2')
  // Generation 2 knows of no cup that anna bought, and jam is sold out.
  expect(later.ids.sort()).toEqual(['cup', 'pad', 'pen'])
  expect(later.next_cursor).toBeNull()
})

describe('a list', () => {
  test('of a session shows what goes with what was done in it, and of an unknown one what is popular', async () => {
    const { ports, shop: served } = await answeringShop()
    await putProfile(ports, 'session:s1', [['pen', 'view', 5]])
    const api = apiOver({ ports, shop: served })
    const known = await api.call('recommend-session', { path: { id: 's1' }, query: { limit: '1' } })
    expect(known.headers['x-sidecart-rung']).toBe('session')
    expect(known.json).toMatchObject({ items: [{ item_id: 'ink' }], placement: 'home' })
    const unknown = await api.call('recommend-session', { path: { id: 's2' }, query: { limit: '1' } })
    expect(unknown.headers['x-sidecart-rung']).toBe('trending')
  })

  test('of a user takes in what the session did that is named with it', async () => {
    const { ports, shop: served } = await answeringShop()
    await putProfile(ports, 'session:s1', [['pen', 'purchase', 5]])
    const api = apiOver({ ports, shop: served })
    const call = { path: { id: 'anna' }, query: { limit: '9' } }
    expect((await listed(api, 'recommend-user', call)).ids).toContain('pen')
    const both = await listed(api, 'recommend-user', { ...call, query: { ...call.query, session: 's1' } })
    expect(both.ids).not.toContain('pen')
  })

  test('of a cart holds nothing of the cart, posted or in the query', async () => {
    const api = apiOver(await answeringShop())
    const asked = await listed(api, 'recommend-cart', { query: { items: 'pen,tea', placement: 'checkout' } })
    const posted = await listed(api, 'recommend-cart-posted', {
      body: { items: ['pen', 'tea'], placement: 'checkout' },
    })
    expect(posted.items).toEqual(asked.items)
    expect(asked).toMatchObject({ placement: 'checkout' })
    expect(asked.ids).not.toContain('pen')
    expect(asked.ids).not.toContain('tea')
    // The rule pen -> ink speaks before co-purchase.
    expect(asked.ids.slice(0, 2)).toEqual(['ink', 'pad'])
  })

  test('of a search holds what was found and nothing else', async () => {
    const api = apiOver(await answeringShop())
    const { ids } = await listed(api, 'recommend-search', {
      body: { items: ['jam', 'pen', 'unheard-of'], user_id: 'anna' },
    })
    expect(ids.sort()).toEqual(['jam', 'pen'])
  })

  test('tells the propensity of each item where the placement explores, and else none', async () => {
    const { ports, shop: served } = await answeringShop()
    const call = { path: { id: 'anna' } }
    expect((await listed(apiOver({ ports, shop: served }), 'recommend-user', call)).items[0]).not.toHaveProperty(
      'propensity',
    )
    const exploring = await withHome(ports, { exploration: 0.2 })
    const { items } = await listed(apiOver(exploring), 'recommend-user', call)
    for (const { propensity = 0 } of items) expect(propensity > 0 && propensity <= 1).toBe(true)
  })
})

describe('impressions', () => {
  test('are one event a listed item, with list, place and propensity, where the placement logs them', async () => {
    const { ports } = await answeringShop()
    const api = apiOver(await withHome(ports, { log_impressions: true }))
    const call = { path: { id: 'anna' }, query: { limit: '2', session: 's1' } }
    const { recommendation_id: listId, ids } = await listed(api, 'recommend-user', call)
    await api.impressions.settled()
    expect(ports.appended.map(({ hub, key, body }) => [hub, key, Object(body).event_type])).toEqual(
      Array(2).fill(['interactions', 'anna', 'impression']),
    )
    expect(ports.appended.map(({ body }) => body)).toMatchObject(
      ids.map((itemId, index) => ({
        ...{ item_id: itemId, recommendation_id: listId, position: index + 1, propensity: 1 },
        ...{ user_id: 'anna', session_id: 's1', placement: 'home' },
      })),
    )
    expect(api.impressions.counts).toEqual({ stored: 2, lost: 0 })
  })

  test('of a visitor are the session’s, and of nobody there are none', async () => {
    const { ports } = await answeringShop()
    const api = apiOver(await withHome(ports, { log_impressions: true }))
    await listed(api, 'trending', {})
    await listed(api, 'recommend-session', { path: { id: 's1' }, query: { limit: '1' } })
    await api.impressions.settled()
    expect(ports.appended).toMatchObject([{ key: 'session:s1', body: { session_id: 's1' } }])
  })

  test('that the hub does not take are counted and logged, and the list is answered all the same', async () => {
    const { ports } = await answeringShop()
    const down = { append: async () => Promise.reject(new Error('the hub is down')) }
    const api = apiOver({ ...(await withHome(ports, { log_impressions: true })), ports: { ...ports, eventLog: down } })
    expect((await listed(api, 'recommend-user', { path: { id: 'anna' }, query: { limit: '2' } })).ids).toHaveLength(2)
    await api.impressions.settled()
    expect(api.impressions.counts).toEqual({ stored: 0, lost: 2 })
    expect(ports.logged).toContainEqual(expect.objectContaining({ level: 'error', stage: 'impressions', lost: 2 }))
  })
})

/** The shop with other settings of the home page. */
async function withHome(ports: ShopByHand['ports'], settings: object): Promise<ShopByHand> {
  const home = { ...defaultPlacements.home, ...settings }
  await ports.documents.upsert(collections.placements, { id: 'placements', placements: { home } })
  return { ports, shop: shop(ports, { halfLifeMs: 3_600_000 }) }
}
