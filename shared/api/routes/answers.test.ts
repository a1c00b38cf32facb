import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anErasure, answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import type { Call } from '../../../tests/api-request.ts'
import { anEvent, eventId } from '../../../tests/events.ts'
import { batchCalls, catalogueCalls, serviceCalls, userCalls } from '../../../tests/happy-calls.ts'
import { shopByHand } from '../../../tests/served-shop.ts'
import { deliver } from '../../../tests/stocktaking.ts'
import { ItemList, TriggeredJob } from '../../schemas/answers.ts'
import { ProductPage } from '../../schemas/products.ts'

const pen = { path: { id: 'pen' } }
const anna = { path: { id: 'anna' } }

describe('every route', () => {
  const happy: [name: string, sent: Call, status: number][] = [
    ['health', {}, 200],
    ['interactions', { body: anEvent(1) }, 202],
    ['batch-trigger', { body: { job: 'refresh' } }, 202],
    ['batch-trigger', {}, 202],
    ['batch-status', {}, 200],
    ['batch-status', { query: { kind: 'lake' } }, 200],
    ['batch-jobs', {}, 200],
    ['models', {}, 200],
    ['placements', {}, 200],
    ['cache-stats', {}, 200],
    ['cache-drop', anna, 200],
    ['cache-invalidate-all', {}, 200],
    ['audit', { query: { from: '2026-01-01T00:00:00Z' } }, 200],
    ['placement-set', { path: { name: 'home' }, body: { sources: [{ source: 'als', weight: 1 }] } }, 200],
    ['placement-reset', { path: { name: 'home' } }, 200],
    ['configuration', {}, 200],
    ['configuration-set', { body: { settings: { EXPORT_LIMIT: 20, ACTIVE_LISTS: 'all' } } }, 200],
    ['configuration-reset', { path: { name: 'EXPORT_LIMIT' } }, 200],
    ['batch-schedule', {}, 200],
    ['batch-schedule-set', { body: { schedules: { refresh: { every_seconds: 3600 } } } }, 200],
    ...catalogueCalls,
    ...userCalls,
    ...batchCalls,
    ...serviceCalls,
    ['recommend-user', anna, 200],
    ['recommend-user', { path: { id: 'nobody' }, query: { limit: '1', min_score: '0.5', category: 'Kitchen' } }, 200],
    ['recommend-item', pen, 200],
    ['recommend-item', { ...pen, query: { kind: 'als' } }, 200],
    ['why-not', { path: { id: 'anna', item: 'pad' }, query: { limit: '1', category: 'Office' } }, 200],
    ['recommend-user', { ...anna, query: { explain: 'full' } }, 200],
    ['recommend-session', { path: { id: 's1' }, query: { channel: 'web', region: 'EU', filter: 'price < 5' } }, 200],
    ['recommend-item', { ...pen, query: { placement: 'also_viewed', user: 'anna', session: 's1' } }, 200],
    ['recommend-category', { path: { category: 'Kitchen' }, query: { user: 'anna', brand: 'Acme' } }, 200],
    ['recommend-cart', { query: { items: 'pen,ink', price_min: '1', price_max: '9.5' } }, 200],
    ['recommend-cart-posted', { body: { items: ['pen'], placement: 'checkout', limit: 3, min_score: 0.1 } }, 200],
    ['recommend-search', { body: { items: ['pen', 'ink'], session_id: 's1', price_min: 0 } }, 200],
    ['recommend-user', { ...anna, query: { category_filter: 'Kitchen', limit: '2' } }, 200],
    ['trending', { query: { category: 'Kitchen' } }, 200],
    ['rules', pen, 200],
    ['user-profile', anna, 200],
    ['preferences', anna, 200],
    ['keys', {}, 200],
    ['key-create', { body: { name: 'Till', roles: ['writer'], expires_at: '2027-01-01T00:00:00Z' } }, 201],
    ['shopper-token', { body: { user_id: 'anna', session_id: 's1', seconds: 600 } }, 200],
    ['shopper-token', { body: { session_id: 's1' } }, 200],
    ['preferences-set', { ...anna, body: { categories: ['Kitchen'] } }, 200],
    ['consent', anna, 200],
    ['consent-set', { ...anna, body: { personalization: false, tracking: true } }, 200],
    ['person-export', anna, 200],
    ['erasure-request', { body: { user_id: 'anna' } }, 202],
    ['erasures', { query: { status: 'completed', limit: '5' } }, 200],
    ['erasure', { path: { id: anErasure } }, 200],
    ['tombstone-lift', { path: { id: 'gone' } }, 200],
  ]
  test.each(happy)('%s %j answers %i with what its output schema says', async (name, sent, status) => {
    const { call } = apiOver(await answeringShop())
    const answer = await call(name, sent)
    expect([answer.status, answer.type]).toEqual([status, 'application/json'])
    expect(answer.checked()).toEqual(answer.json)
  })

  /** Lines of a log, pages, files: each has tests of its own, as has what needs something to go back to or to delete. */
  const elsewhere = [
    'batch-cancel',
    'batch-logs',
    'model',
    'models-rollback',
    'key-delete',
    'openapi',
    'docs',
    'metrics',
    'docs-errors',
    'docs-asset',
    'export',
    'export-file',
  ]
  test('is covered above, or has tests of its own', async () => {
    const { all } = apiOver(await answeringShop())
    expect(Object.keys(all).sort()).toEqual([...new Set([...happy.map(([name]) => name), ...elsewhere])].sort())
  })
})

describe('a list', () => {
  test.each([
    ['recommend-user', anna, 'personal', 'personal=2,trending=1,catalogue=2'],
    ['recommend-user', { path: { id: 'nobody' } }, 'trending', 'trending=2,catalogue=4'],
    ['recommend-item', pen, 'item', 'item=2,trending=2,catalogue=1'],
    ['trending', {}, 'trending', 'trending=2,catalogue=4'],
    ['trending', { query: { category: 'Kitchen' } }, 'category', 'category=2,catalogue=1'],
    ['trending', { query: { category: 'Garden' } }, 'none', ''],
  ] as [string, Call, string, string][])(
    '%s %j has one form and names its rung: %s',
    async (name, sent, rung, rungs) => {
      const { call } = apiOver(await answeringShop())
      const { json, headers } = await call(name, sent)
      expect(json).toEqual(z.strictObject(ItemList.shape).parse(json))
      expect(json).toMatchObject({ model_version: 'v1', generated_at: '2026-01-01T00:00:00.000Z', next_cursor: null })
      expect(headers).toMatchObject({
        ...{ 'x-sidecart-rung': rung, 'x-sidecart-rungs': rungs, 'x-sidecart-model-version': 'v1' },
      })
    },
  )

  test('joins name, category and price, and gives each list an id of its own', async () => {
    const { call } = apiOver(await answeringShop())
    const threeOfAnna = { ...anna, query: { limit: '3' } }
    const first = await call('recommend-user', threeOfAnna)
    expect(first.json).toMatchObject({
      items: [
        {
          ...{ item_id: 'tea', name: 'The tea', category: 'Kitchen', price: 5, score: 1 },
          reason: { code: 'personal', text: 'Picked for you from what shoppers like you buy' },
        },
        { item_id: 'ink', score: 0.5 },
        { item_id: 'jam', reason: { code: 'trending', text: 'Trending now' } },
      ],
    })
    const ids = [first, await call('recommend-user', threeOfAnna)].map(
      ({ json }) => ItemList.parse(json).recommendation_id,
    )
    expect(ids[1]).not.toBe(ids[0])
  })

  test('of a shop that never published has no model, and shows what there is', async () => {
    const { call } = apiOver(await shopByHand())
    const { json, headers } = await call('trending', { query: { limit: '1' } })
    expect(json).toMatchObject({ items: [{ reason: { code: 'available' } }], model_version: null, generated_at: null })
    expect(headers).not.toHaveProperty('x-sidecart-model-version')
  })
})

describe('the catalogue, rules and profiles', () => {
  test('products come page by page until there is no next one', async () => {
    const { call } = apiOver(await answeringShop())
    const seen: string[][] = []
    let cursor: string | null | undefined
    while (cursor !== null && seen.length < 5) {
      const query = { limit: '4', ...(cursor === undefined ? {} : { cursor }) }
      const { items, total, next_cursor: next } = ProductPage.parse((await call('products', { query })).json)
      seen.push(items.map(({ item_id }) => item_id))
      expect(total).toBe(6)
      cursor = next
    }
    expect(seen).toEqual([
      ['cup', 'ink', 'jam', 'pad'],
      ['pen', 'tea'],
    ])
  })

  test('a rule says how often, in numbers and in words', async () => {
    const { call } = apiOver(await answeringShop())
    const detail = (id: string) => expect.objectContaining({ item_id: id, name: `The ${id}`, in_stock: true })
    expect((await call('rules', pen)).json).toMatchObject({
      antecedent: { item_id: 'pen' },
      items: [
        {
          ...{ item_id: 'ink', lhs: ['pad', 'pen'], rhs: ['ink'], support: 0.1, confidence: 1, lift: 4 },
          ...{ lhs_details: [detail('pad'), detail('pen')], rhs_details: [detail('ink')] },
          // A rule that never fails has no finite conviction.
          ...{ leverage: expect.closeTo(0.075, 12), conviction: null },
          reason: { code: 'rule', text: '100 % of baskets with The pad and The pen hold it too' },
        },
        {
          ...{ item_id: 'ink', lhs: ['pen'], rhs: ['ink'], score: 0.5, support: 0.1, confidence: 0.5, lift: 2 },
          ...{ leverage: 0.05, conviction: 1.5 },
          reason: { code: 'rule', text: '50 % of baskets with The pen hold it too' },
        },
      ],
    })
  })

  test.each([
    [{ min_confidence: '0.6' }, 1],
    [{ min_lift: '2.5' }, 1],
    [{ min_confidence: '0.5', min_lift: '2' }, 2],
    [{ limit: '1' }, 1],
  ])('of the two rules of an item, %j leaves %d', async (query, rules) => {
    const { call } = apiOver(await answeringShop())
    expect((await call('rules', { ...pen, query })).json).toMatchObject({ items: { length: rules } })
  })

  test('a profile shows what was done and bought, newest first, with names', async () => {
    const { call } = apiOver(await answeringShop())
    expect((await call('user-profile', anna)).json).toEqual({
      ...{ country: null, segment: null, loyalty: null, standing: null, behaviour: null },
      ...{ interactions_url: '/api/users/anna/interactions' },
      ...{ user_id: 'anna', model_version: 'v1', generated_at: '2026-01-01T00:00:00.000Z' },
      recent_events: [{ item_id: 'pad', name: 'The pad', event_type: 'view', ts: '2025-12-31T23:59:00.000Z' }],
      purchases: [{ item_id: 'cup', name: 'The cup', times: 1, last_bought_at: '2025-12-31T23:59:00.000Z' }],
      favourite_categories: [
        { name: 'Office', events: 1 },
        { name: 'Kitchen', events: 1 },
      ],
    })
  })
})

describe('jobs', () => {
  test('are triggered, followed, listed and logged', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    expect((await call('batch-status')).json).toEqual({ status: 'never_run', kind: 'refresh' })
    const triggered = await call('batch-trigger')
    const { job } = TriggeredJob.parse(triggered.json)
    expect(triggered.json).toEqual({
      ...{ job, started: true, status_url: `/api/batch/status?job=${job}`, logs_url: `/api/batch/logs/${job}` },
    })
    expect((await call('batch-status', { query: { job } })).json).toMatchObject({ status: 'running', stage: 'count' })
    while (of.ports.sent.length > 0) await deliver(of.ports)
    const status = await call('batch-status')
    expect(status.json).toMatchObject({
      ...{ job, status: 'completed', percent: 100, seconds_left: 0, stage: null, trigger: 'http', error: null },
    })
    expect(status.checked()).toEqual(status.json)
    expect((await call('batch-jobs', { query: { status: 'completed', kind: 'refresh' } })).json).toMatchObject({
      items: [{ job, stages: [{ name: 'count', chunks: 3, chunks_done: 3 }, {}, {}, {}] }],
    })
    expect((await call('batch-jobs', { query: { status: 'failed' } })).json).toEqual({ items: [], next_cursor: null })
    const logs = await call('batch-logs', { path: { job } })
    expect(logs.type).toBe('application/x-ndjson; charset=utf-8')
    expect(String(logs.json).trim().split('\n')).toHaveLength(7)
  })

  test('triggered again with the same idempotency key are the same job', async () => {
    const { call } = apiOver(await answeringShop())
    const headers = { 'idempotency-key': 'monday' }
    const first = TriggeredJob.parse((await call('batch-trigger', { headers })).json)
    expect((await call('batch-trigger', { headers })).json).toEqual({ ...first, started: false })
  })
})

describe('health', () => {
  test('is not ready before something was published, and ready after', async () => {
    const starting = await apiOver(await shopByHand()).call('health')
    expect([starting.status, starting.json]).toEqual([
      503,
      expect.objectContaining({ status: 'starting', ready: false }),
    ])
    const ready = await apiOver(await answeringShop()).call('health')
    expect(ready.json).toEqual({
      ...{ status: 'ok', live: true, ready: true, model_version: 'v1', generated_at: '2026-01-01T00:00:00.000Z' },
      ...{ products: 6, dependencies: { cosmos: { ok: true, latency_ms: 0 }, storage: { ok: true, latency_ms: 0 } } },
    })
  })

  test('is degraded, and says which, when a dependency is away', async () => {
    const of = await answeringShop()
    // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
    const list = async function* () {
      throw new Error('storage is away')
    }
    const { call } = apiOver({ ...of, ports: { ...of.ports, blobs: { ...of.ports.blobs, list } } })
    const answer = await call('health')
    expect(answer.status).toBe(503)
    expect(answer.checked()).toMatchObject({
      ...{ status: 'degraded', live: true, ready: false },
      dependencies: { cosmos: { ok: true }, storage: { ok: false, error: 'does not answer' } },
    })
  })
})

test('interactions answer with the ids of what was accepted and the rest by index', async () => {
  const of = await answeringShop()
  const { json } = await apiOver(of).call('interactions', { body: [anEvent(1), anEvent(2, { item_id: '' })] })
  expect(json).toMatchObject({ accepted: 1, event_ids: [eventId(1)], rejected: [{ index: 1, field: 'item_id' }] })
  expect(of.ports.appended).toHaveLength(1)
})
