import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { quantile } from '../bench/spread.ts'
import { collections } from '../shared/schemas/collections.ts'
import { userCache } from '../shared/serving/cache/user-cache.ts'
import { shop } from '../shared/serving/shop.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'
import { type Around, interceptedPorts } from './faulty-ports.ts'
import { hourMs, putItem, putLists } from './served-shop.ts'

const people = 40
const cacheSettings = {
  ...{ CACHE_USERS: 1_000, CACHE_MEGABYTES: 16, CACHE_TRUST_MS: 600, CACHE_LOOK_MS: 250, CACHE_STALE_SECONDS: 900 },
}
type Kind = 'slow' | 'refusing' | 'throttled' | 'gone'

/** What becomes of an operation on documents under a fault, some time later as over a network. */
const faults: Readonly<Record<Kind, () => Promise<never> | Promise<void>>> = {
  slow: () => new Promise<void>(resolve => setTimeout(resolve, 400).unref()),
  refusing: async () => Promise.reject(new Error('connect ECONNREFUSED')),
  throttled: async () => Promise.reject(Object.assign(new Error('Request rate is large'), { code: 429 })),
  gone: () => new Promise<never>(() => undefined),
}

/** A shop over HTTP's handlers in which a share of what is asked of Cosmos meets a fault; the clock is the real one. */
async function shopUnderFaults() {
  const byHand = await answeringShop()
  const real = { ...byHand.ports, clock: Date.now }
  for (let n = 0; n < 30; n++) await putItem(real.documents, `more-${n}`, { category: 'Office' })
  for (let n = 0; n < people; n++) await putLists(byHand.ports, `user-${n}`, { items: { ink: 2, pad: 1 } })
  const fault = { kind: 'refusing' as Kind, share: 0, asked: 0 }
  const around: Around = async (operation, name) => {
    if (!name.startsWith('documents.')) return operation()
    fault.asked += 1
    // Every n-th, and not by chance: a tenth is a tenth.
    if (fault.share > 0 && Math.floor(fault.asked * fault.share) > Math.floor((fault.asked - 1) * fault.share)) {
      await faults[fault.kind]()
    }
    return operation()
  }
  const ports = { ...byHand.ports, ...interceptedPorts(real, around) }
  const newInstance = () => {
    const users = userCache(cacheSettings)
    const budgets = { readMs: 1_000, pageMs: 10_000, listMs: 90 }
    return apiOver({ ports, shop: shop(ports, { halfLifeMs: hourMs, users, budgets }) })
  }
  const api = newInstance()
  const sent = { requests: 0 }
  const answers = async () => {
    sent.requests += 1
    const user = `user-${(sent.requests * 7) % (people + 5)}`
    const started = performance.now()
    const { status, headers, json } = await api.call('recommend-user', { path: { id: user }, query: { limit: '5' } })
    const { items } = json as { items?: unknown[] }
    return { status, headers, items: items?.length ?? 0, ms: performance.now() - started }
  }
  /** So many requests, some at once. */
  const ask = async (requests: number, { atOnce = 10 } = {}) => {
    const all: Awaited<ReturnType<typeof answers>>[] = []
    const lane = async () => {
      while (all.length < requests) {
        all.push(await answers())
        // As between requests of a network: else time would stand still for those who wait.
        await new Promise(setImmediate)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    return all
  }
  /** As a refresh leaves it. */
  const keepSnapshot = async () => {
    const items = await Array.fromAsync(real.documents.query(collections.items, {}))
    const lines = [{ version: 1, at: Math.floor(Date.now() / 1000) }, ...items.flat()]
    const text = lines.map(line => `${JSON.stringify(line)}\n`).join('')
    await real.blobs.write('models/catalogue/items.ndjson.gz', gzipSync(text))
  }
  return { fault, ask, newInstance, keepSnapshot }
}
type Shop = Awaited<ReturnType<typeof shopUnderFaults>>

describe('a shop that has lists in memory', () => {
  let of: Shop
  beforeAll(async () => {
    of = await shopUnderFaults()
    await of.ask(people)
  })

  test('answers 10,000 requests while Cosmos is gone altogether, none of them empty', async () => {
    Object.assign(of.fault, { kind: 'refusing', share: 1 })
    const all = await of.ask(10_000, { atOnce: 50 })
    expect(all.filter(({ status }) => status !== 200)).toEqual([])
    expect(all.filter(({ items }) => items < 5)).toEqual([])
    const last = all.slice(-100)
    expect(last.every(({ headers }) => headers['x-sidecart-rung'] !== 'none')).toBe(true)
    expect(last.every(({ headers }) => headers['x-sidecart-degraded']?.includes('catalogue'))).toBe(true)
    of.fault.share = 0
  }, 60_000)

  for (const kind of ['slow', 'refusing', 'throttled', 'gone'] as const) {
    for (const share of [0, 0.1, 0.5, 1]) {
      test(`answers in time and says from where with Cosmos ${kind} for ${100 * share} % of requests`, async () => {
        Object.assign(of.fault, { kind, share })
        const stalls = monitorEventLoopDelay({ resolution: 5 })
        stalls.enable()
        const all = await of.ask(400)
        stalls.disable()
        of.fault.share = 0
        expect(all.filter(({ status, items }) => status !== 200 || items < 5)).toEqual([])
        expect(all.filter(({ headers }) => !headers['x-sidecart-rung'])).toEqual([])
        const ms = all.map(each => each.ms)
        // What the machine itself was late by, as others use it too, is no wait for Cosmos.
        const stalledMs = stalls.max / 1e6
        expect(quantile(ms, 0.99), `stalled for ${stalledMs} ms`).toBeLessThan(150 + 2 * stalledMs)
      }, 30_000)
    }
  }
})

describe('an instance that starts while Cosmos is gone', () => {
  test('lists what the last refresh knew, from the snapshot of the catalogue', async () => {
    const of = await shopUnderFaults()
    await of.keepSnapshot()
    Object.assign(of.fault, { kind: 'refusing', share: 1 })
    const { status, headers, json } = await of.newInstance().call('recommend-user', {
      ...{ path: { id: 'user-1' }, query: { limit: '5' } },
    })
    expect(status).toBe(200)
    expect((json as { items: unknown[] }).items).toHaveLength(5)
    expect(headers['x-sidecart-rung']).toBe('catalogue')
    expect(headers['x-sidecart-degraded']).toContain('user_documents')
  })

  test('says that it cannot when nothing at all is known, and when to come back', async () => {
    const of = await shopUnderFaults()
    Object.assign(of.fault, { kind: 'refusing', share: 1 })
    const { status, headers, json } = await of.newInstance().call('recommend-user', { path: { id: 'user-1' } })
    expect(status).toBe(503)
    expect(headers['retry-after']).toBe('1')
    expect(json).toMatchObject({ code: 'unavailable' })
    expect(JSON.stringify(json)).not.toContain('ECONNREFUSED')
  })

  test('an opt-out that cannot be read is taken as told: the list is nobody’s', async () => {
    const of = await shopUnderFaults()
    const one = of.newInstance()
    await one.call('recommend-user', { path: { id: 'user-1' }, query: { limit: '5' } })
    Object.assign(of.fault, { kind: 'refusing', share: 1 })
    const { status, headers } = await one.call('recommend-user', { path: { id: 'user-2' }, query: { limit: '5' } })
    expect(status).toBe(200)
    expect(headers['x-sidecart-rungs']).not.toContain('personal')
  })
})
