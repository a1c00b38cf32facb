import { expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { apiRequest } from '../../../tests/api-request.ts'
import { hourMs, putItem, putProfile } from '../../../tests/served-shop.ts'
import { collections } from '../../schemas/collections.ts'
import { UserId } from '../../schemas/ids.ts'
import { Placement } from '../../schemas/placements.ts'
import { userCache } from '../../serving/cache/user-cache.ts'
import { shop } from '../../serving/shop.ts'

const limits = {
  ...{ CACHE_USERS: 100, CACHE_MEGABYTES: 1, CACHE_TRUST_MS: 600, CACHE_LOOK_MS: 250, CACHE_STALE_SECONDS: 900 },
}

/** An instance that holds what it reads and what it made; Anna's home list is asked for. */
async function instance(home: Partial<Placement> = {}) {
  const { ports } = await answeringShop()
  const placements = { home: Placement.parse({ sources: [{ source: 'als', weight: 1 }], ...home }) }
  await ports.documents.upsert(collections.placements, { id: 'placements', placements })
  const served = shop(ports, { halfLifeMs: hourMs, users: userCache(limits) })
  const { all, call, impressions } = apiOver({ ports, shop: served })
  const made = async () => (await call('cache-stats')).json as { instance: { made: { hits: number } } }
  return { ports, all, call, impressions, hits: async () => (await made()).instance.made.hits }
}
type Listed = { items: { item_id: string }[]; recommendation_id: string }

test('a list that is given again is the same answer but for its id', async () => {
  const { call, hits } = await instance()
  const ask = () => call('recommend-user', { path: { id: 'anna' }, query: { limit: '3' } })
  const [first, again] = [await ask(), await ask()]
  const [{ recommendation_id: one, ...list }, { recommendation_id: other, ...same }] = [
    first.json as Listed,
    again.json as Listed,
  ]
  expect(same).toEqual(list)
  expect(other).not.toBe(one)
  expect(again.headers).toEqual(first.headers)
  expect(again.checked()).toBeTruthy()
  expect(await hits()).toBe(1)
})

test.each([
  ['recommend-user', { path: { id: 'anna' } }],
  ['recommend-user', { path: { id: 'anna' }, query: { explain: 'full' } }],
  ['recommend-item', { path: { id: 'pen' }, query: { user: 'anna' } }],
  ['trending', { query: { limit: '2' } }],
])('what %s writes as JSON is its body', async (name, sent) => {
  const { all } = await instance()
  const endpoint = all[name]!
  for (let round = 0; round < 2; round++) {
    const { text, body } = await endpoint.run(apiRequest({ method: 'GET', ...sent }))
    expect(JSON.parse(text ?? '')).toEqual(JSON.parse(JSON.stringify(body)))
  }
})

test('each list that is given again is told to have been shown, under its own id', async () => {
  const { call, impressions, hits } = await instance({ log_impressions: true })
  for (let round = 0; round < 3; round++) await call('recommend-user', { path: { id: 'anna' }, query: { limit: '2' } })
  await impressions.settled()
  expect([impressions.counts.stored, await hits()]).toEqual([6, 2])
})

test('a list of who opted out is not told to have been shown', async () => {
  const of = await instance({ log_impressions: true })
  await optsOut(of)
  for (let round = 0; round < 3; round++) await of.call('recommend-user', { path: { id: 'anna' } })
  await of.impressions.settled()
  expect([of.impressions.counts.stored, await of.hits()]).toEqual([0, 2])
})

test('of the list that is nobody’s each who opted out turns the page', async () => {
  const of = await instance()
  for (const userId of ['anna', 'ben']) await optsOut(of, userId)
  const page = async (id: string, query: Record<string, string> = {}) => {
    const { status, json } = await of.call('recommend-user', { path: { id }, query: { limit: '2', ...query } })
    return { status, ...(json as Listed & { next_cursor: string }) }
  }
  const pages = []
  for (const id of ['anna', 'ben']) pages.push(await page(id, { cursor: (await page(id)).next_cursor }))
  expect(pages.map(({ status }) => status)).toEqual([200, 200])
  expect(await of.hits()).toBe(1)
})

test('of a batch each list is made anew, and none is told to have been shown', async () => {
  const { call, impressions, hits } = await instance({ log_impressions: true })
  const body = JSON.stringify({ users: ['anna', 'ben'], placement: 'home' })
  for (let round = 0; round < 2; round++) expect((await call('recommend-batch', { body })).status).toBe(200)
  await impressions.settled()
  expect([impressions.counts.stored, await hits()]).toEqual([0, 0])
})

test.each([
  ['did something', putsPurchase],
  ['would be shown what is sold out', async ({ ports }: Instance) => putItem(ports.documents, 'tea', soldOut)],
  ['opted out at another instance', (of: Instance) => optsOut(of)],
])('is made anew for a user who %s', async (_, change) => {
  const of = await instance()
  const ask = async () => ((await of.call('recommend-user', { path: { id: 'anna' } })).json as Listed).items
  const first = await ask()
  expect(first[0]?.item_id).toBe('tea')
  await change(of)
  for (let round = 0; round < 3; round++) {
    of.ports.advance(900)
    await ask()
    await new Promise(setImmediate)
  }
  expect((await ask())[0]).not.toEqual(first[0])
})
type Instance = Awaited<ReturnType<typeof instance>>
const soldOut = { category: 'Kitchen', inStock: false }
async function putsPurchase({ ports }: Instance) {
  await putProfile(ports, 'anna', [['tea', 'purchase', 0]])
}

async function optsOut({ ports }: Instance, userId = 'anna') {
  const updated_at = new Date(ports.clock()).toISOString()
  const allowed = { personalization: false, tracking: false }
  await ports.documents.upsert(collections.consents, {
    id: 'consent',
    user_id: UserId.parse(userId),
    ...allowed,
    updated_at,
  })
}
