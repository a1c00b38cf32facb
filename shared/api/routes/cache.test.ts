import { expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { hourMs, putProfile } from '../../../tests/served-shop.ts'
import { CacheStats } from '../../schemas/cache.ts'
import { userCache } from '../../serving/cache/user-cache.ts'
import { shop } from '../../serving/shop.ts'

const settings = {
  ...{ CACHE_USERS: 100, CACHE_MEGABYTES: 4, CACHE_TRUST_MS: 600, CACHE_LOOK_MS: 250, CACHE_STALE_SECONDS: 60 },
}

/** Two instances of one shop, each with a memory of its own. */
async function twoInstances() {
  const { ports } = await answeringShop()
  const instance = () => {
    const served = shop(ports, { halfLifeMs: hourMs, users: userCache(settings) })
    const { call } = apiOver({ ports, shop: served })
    const list = async () => {
      const { json } = await call('recommend-user', { path: { id: 'anna' }, query: { limit: '10' } })
      // Looks go on beside the answer.
      await new Promise(setImmediate)
      return (json as { items: { item_id: string }[] }).items.map(({ item_id: id }) => id)
    }
    const stats = async () => CacheStats.parse((await call('cache-stats')).json).instance
    return { call, list, stats }
  }
  return { ports, one: instance(), other: instance() }
}

test('the second list of a user is made from memory, and the statistics say so', async () => {
  const { one } = await twoInstances()
  const first = await one.list()
  const before = await one.stats()
  expect(await one.list()).toEqual(first)
  const after = await one.stats()
  expect(after.users).toMatchObject({ misses: before.users.misses, entries: 1, stale: 0 })
  expect(after.users.hits).toBeGreaterThan(before.users.hits)
  expect(after.lists.hits).toBe(before.lists.hits + 1)
  expect(after.users.bytes).toBeGreaterThan(0)
})

test('a purchase taken in by another instance leaves the list within a second', async () => {
  const { ports, one } = await twoInstances()
  expect(await one.list()).toContain('ink')
  await putProfile(ports, 'anna', [['ink', 'purchase', 10]])
  ports.advance(300)
  await one.list()
  expect(await one.list()).not.toContain('ink')
})

test('a user who is dropped by one instance is read anew by the other', async () => {
  const { ports, one, other } = await twoInstances()
  await other.list()
  const { misses } = (await other.stats()).lists
  expect((await one.call('cache-drop', { path: { id: 'anna' } })).status).toBe(200)
  ports.advance(300)
  await other.list()
  await other.list()
  expect((await other.stats()).lists.misses).toBe(misses + 1)
})

test('when all is dropped by one instance, the other has it dropped with its next look at the pointer', async () => {
  const { ports, one, other } = await twoInstances()
  await other.list()
  expect((await other.stats()).users.entries).toBe(1)
  const { json } = await one.call('cache-invalidate-all')
  expect(json).toMatchObject({ epoch: 1 })
  ports.advance(2_001)
  await other.call('cache-stats')
  await expect.poll(async () => (await other.stats()).users.entries).toBe(0)
  expect((await one.call('cache-invalidate-all')).json).toMatchObject({ epoch: 2 })
})

test('an opt-out is answered when no instance lists by what was known before', async () => {
  const { ports, one, other } = await twoInstances()
  const personal = await other.list()
  const told = one.call('consent-set', {
    ...{ path: { id: 'anna' }, body: { personalization: false, tracking: true } },
  })
  const started = performance.now()
  expect((await told).status).toBe(200)
  expect(performance.now() - started).toBeGreaterThan(600)
  ports.advance(601)
  expect(await other.list()).not.toEqual(personal)
})
