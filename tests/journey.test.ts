import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ask, getJson, runJob } from '../local/api-client.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { codeVersion } from '../shared/lake/code-version.ts'
import { checkerboardFiles } from './checkerboard.ts'
import { nativeLibraries, unpackApp } from './packed-app.ts'
import { smoke } from './smoke.ts'
import { dropFile, eventually, jsonLines } from './stack-client.ts'

const List = z.object({
  items: z.array(
    z.object({ item_id: z.string(), category: z.string(), reason: z.object({ code: z.string(), text: z.string() }) }),
  ),
  model_version: z.string().nullable(),
  next_cursor: z.string().nullable(),
})
const Ready = z.object({ ready: z.boolean() })
type List = z.infer<typeof List>

const settings = {
  ALS_FACTORS: '2',
  ALS_ITERATIONS: '15',
  RULES_MIN_SUPPORT: '0.01',
  // No timer fires on its own during the test.
  ...{ REFRESH_SCHEDULE: 'off', LAKE_SCHEDULE: 'off', LAKE_DAILY_SCHEDULE: 'off' },
  // A machine busy with tests is no reason to do without anything.
  LIST_WAIT_MS: '10000',
}
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sidecart-journey-')))
const stateDir = join(folder, 'state')
/** What a deployment packs, unpacked where there is nothing else of this project. */
const appDir = join(folder, 'app')
let stack: LocalStack

const start = () => startLocalStack({ stateDir, port: 0, settings, appDir })
const list = async (path: string): Promise<List> => List.parse(await getJson(stack, path))
const post = (events: unknown) => ask(stack, '/api/interactions', { method: 'POST', body: JSON.stringify(events) })

beforeAll(async () => {
  unpackApp(appDir)
  stack = await start()
}, 60_000)
afterAll(async () => {
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a shop on the real local stack, of the package alone', { timeout: 120_000 }, () => {
  test('is live and says that it is not ready before anything was loaded', async () => {
    const response = await ask(stack, '/health')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      status: 'starting',
      live: true,
      ready: false,
      dependencies: { cosmos: { ok: true }, storage: { ok: true } },
    })
    expect((await list('/recommend/user/nobody')).items).toEqual([])
    // 70 MB that only the lake needs.
    expect(nativeLibraries(stack)).toEqual([])
    expect(await smoke(stack)).toEqual({ code: 1, said: expect.stringMatching(/NO {2}ready/) })
    expect(await smoke(stack, '--empty')).toMatchObject({ code: 0 })
    expect(await getJson(stack, '/api/batch/status')).toEqual({ status: 'never_run', kind: 'refresh' })
  })

  test('takes in files, lists broken rows with number, column and value, and loads the rest', async () => {
    for (const [path, lines] of Object.entries(checkerboardFiles())) {
      const broken = path.startsWith('products/') ? ['i99,Broken,Even,cheap', 'i98,Torn'] : []
      await dropFile(stack, path, [...lines, ...broken])
    }
    const { job } = await runJob(stack, 'lake')
    const bindings = join(appDir, 'node_modules/@duckdb/node-bindings-linux-x64')
    expect(nativeLibraries(stack)).toEqual([join(bindings, 'duckdb.node'), join(bindings, 'libduckdb.so')])
    const log = (await (await ask(stack, `/api/batch/logs/${job}`)).text()).trim().split('\n')
    const rejected = log.map(line => JSON.parse(line)).filter(line => line.rejected_row)
    expect(rejected).toMatchObject([
      {
        file: 'landing/products/all.csv',
        rejected_row: { row: 14, reason: 'must have 4 columns as the header, not 2' },
      },
      {
        file: 'landing/products/all.csv',
        rejected_row: { row: 13, column: 'price', value: 'cheap', reason: expect.stringContaining('must be a') },
      },
    ])
    expect(await jsonLines(stack, 'quarantine', 'landing/products/')).toHaveLength(1)
  })

  test('refreshes, tells how far it is, and answers on every route', async () => {
    const { job } = await runJob(stack, 'refresh', {
      onProgress: ({ percent }) => expect(percent).toBeLessThanOrEqual(100),
    })
    expect(await getJson(stack, '/api/batch/status')).toMatchObject({ job, status: 'completed', percent: 100 })
    expect(await getJson(stack, '/api/batch/jobs')).toMatchObject({ items: [{ job }, { kind: 'lake' }] })

    const health = () => ask(stack, '/health').then(async response => Ready.parse(await response.json()))
    await eventually(health, ({ ready }) => ready)
    expect(await smoke(stack, '--wait', '20', '--version', codeVersion)).toMatchObject({ code: 0 })
    for (const user of [0, 1, 7]) {
      const response = await ask(stack, `/recommend/user/u${user}?limit=3`)
      expect(response.headers.get('x-sidecart-rung')).toBe('personal')
      expect(List.parse(await response.json()).items[0]).toMatchObject({
        item_id: `i${user}`,
        reason: { code: 'personal' },
      })
    }
    expect((await list('/recommend/user/nobody?limit=3')).items[0]?.reason.code).toBe('trending')
    expect((await list('/recommend/item/i2?limit=3')).items.map(({ category }) => category)).toEqual([
      'Even',
      'Even',
      'Even',
    ])
    expect((await list('/rules/i2?limit=3')).items[0]).toMatchObject({ category: 'Even', reason: { code: 'rule' } })
    expect((await list('/api/trending?category=Odd&limit=4')).items.map(({ category }) => category)).toEqual(
      Array(4).fill('Odd'),
    )
    expect(await getJson(stack, '/api/users/u3/profile')).toMatchObject({ user_id: 'u3', country: 'France' })
    expect(await getJson(stack, '/api/products?limit=5&category=Even')).toMatchObject({ total: 6 })
    expect(await getJson(stack, '/api/products/i4')).toMatchObject({ name: 'Item 4', price: 5.5 })
  })

  test('answers bad requests with code, field and value, and unknown items with 404', async () => {
    const problem = async (path: string, init?: RequestInit) => {
      const response = await ask(stack, path, init)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      return { status: response.status, ...z.record(z.string(), z.unknown()).parse(await response.json()) }
    }
    expect(await problem('/recommend/user/u1?limit=many')).toMatchObject({
      status: 400,
      code: 'invalid_query',
      errors: [{ field: 'limit', value: 'many' }],
    })
    expect(
      await problem('/api/interactions', {
        method: 'POST',
        body: '{"user_id":',
        headers: { 'content-type': 'application/json' },
      }),
    ).toMatchObject({ status: 400 })
    expect(await problem('/recommend/item/unheard-of')).toMatchObject({ status: 404, code: 'unknown_item' })
    expect(await problem('/api/batch/logs/refresh-0123456789abcdef')).toMatchObject({
      status: 404,
      code: 'unknown_job',
    })
  })

  test('shows a purchase in the next list within two seconds, without a retrain', async () => {
    expect((await list('/recommend/user/nina')).items[0]?.reason.code).toBe('trending')
    const response = await post({ user_id: 'nina', event_type: 'purchase', product_id: 'i3' })
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ accepted: 1, rejected: [], event_ids: [expect.any(String)] })
    const changed = ({ items }: List) => items[0]?.reason.code === 'recent'
    const { items } = await eventually(() => list('/recommend/user/nina?limit=5'), changed, 2_000)
    expect(items[0]?.reason.text).toBe('Because you bought Item 3')
    expect(items.map(({ item_id: itemId }) => itemId)).not.toContain('i3')
    expect(items.map(({ category }) => category)).toEqual(Array(5).fill('Odd'))
  })

  test('knows a visitor by the session, and the user the visitor turns out to be', async () => {
    expect((await list('/recommend/session/s1?limit=3')).items[0]?.reason.code).toBe('trending')
    await post({ session_id: 's1', event_type: 'view', item_id: 'i4' })
    const isEven = ({ items }: List) => items.length > 0 && items.every(({ category }) => category === 'Even')
    await eventually(() => list('/recommend/session/s1?limit=3'), isEven, 5_000)
    expect((await list('/recommend/user/gina?limit=3')).items[0]?.reason.code).toBe('trending')
    expect(isEven(await list('/recommend/user/gina?session=s1&limit=3'))).toBe(true)
    await post({ event_type: 'login', user_id: 'gina', session_id: 's1' })
    await eventually(() => list('/recommend/user/gina?limit=3'), isEven, 5_000)
  })

  test('fills up a cart, puts what a search found in order, and pages without a repeat', async () => {
    const posted = async (path: string, body: unknown) =>
      List.parse(await getJson(stack, path, { method: 'POST', body: JSON.stringify(body) }))
    const cart = await posted('/recommend/cart', { items: ['i0', 'i2'], limit: 3 })
    expect(cart.items.map(({ category }) => category)).toEqual(['Even', 'Even', 'Even'])
    const ids = ({ items }: List) => items.map(({ item_id: itemId }) => itemId)
    expect(ids(cart)).not.toContain('i0')
    expect(ids(await list('/recommend/cart?items=i0,i2&limit=3'))).toEqual(ids(cart))
    expect(ids(await posted('/recommend/search', { items: ['i1', 'i0'], user_id: 'u0' })).sort()).toEqual(['i0', 'i1'])
    const first = await list('/recommend/category/Odd?limit=4')
    const second = await list(`/recommend/category/Odd?limit=4&cursor=${first.next_cursor}`)
    expect(second.next_cursor).toBeNull()
    expect([...ids(first), ...ids(second)].sort()).toEqual(['i1', 'i11', 'i3', 'i5', 'i7', 'i9'])
  })

  test('writes everybody’s list for e-mail to Blob Storage, all but visitors’', async () => {
    const { job, request_units: requestUnits } = await runJob(stack, 'export')
    expect(requestUnits).toBeGreaterThan(0)
    const [created] = String((await getJson(stack, `/api/batch/status?job=${job}`)).created_at).split('T')
    const folder = `email/${created}/${job}`
    const lists = await jsonLines(stack, 'exports', `${folder}/part-000000000.ndjson`)
    const users = lists.map(line => String(line.user_id))
    expect(users).toEqual([...users].sort())
    expect(users).toEqual(expect.arrayContaining(['gina', 'nina', 'u0', 'u7']))
    expect(users.join()).not.toContain('session:')
    const [manifest] = await jsonLines(stack, 'exports', `${folder}/manifest.json`)
    expect(manifest).toMatchObject({ users: users.length, skipped: { guest: 1 }, files: [{ format: 'csv' }, {}] })
  })

  test('keeps a bad event of a producer in the dead letter with its reason, and lets the others pass', async () => {
    const producer = new EventHubProducerClient(stack.settings.EventHubConnection ?? '', 'interactions')
    const good = {
      ...{ schema_version: 1, event_id: randomUUID(), user_id: 'otto', event_type: 'view', item_id: 'i5' },
      ts: new Date().toISOString(),
    }
    const bad = { ...good, event_id: randomUUID(), event_type: 'stare' }
    await producer.sendBatch([{ body: bad }, { body: 'not even JSON' }, { body: good }], { partitionKey: 'otto' })
    await producer.close()
    const profile = () => ask(stack, '/api/users/otto/profile').then(response => response.status)
    await eventually(profile, status => status === 200)
    const dead = await eventually(
      () => jsonLines(stack, 'dead-letter', 'interactions/'),
      lines => lines.length === 2,
    )
    expect(dead).toMatchObject([
      { reasons: [{ field: 'event_type', value: 'stare' }], body: bad },
      { body: 'not even JSON' },
    ])
  })

  test('goes on after a restart with everything it knew', async () => {
    const before = await list('/recommend/user/nina?limit=5')
    await stack.stop()
    stack = await start()
    // The first answers do not wait for the model that nina's vector is made with.
    const after = await eventually(
      () => list('/recommend/user/nina?limit=5'),
      ({ items }) => isDeepStrictEqual(items, before.items),
    )
    expect(after.model_version).toBe(before.model_version)
    const bronze = await jsonLines(stack, 'bronze', '_segments/interactions/')
    expect(bronze.map(({ event }) => z.object({ user_id: z.string() }).parse(event).user_id).sort()).toEqual([
      'gina',
      'nina',
      'otto',
      'session:s1',
    ])
  })
})
