import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ItemList, ListedItem } from '../client/src/operations.ts'
import { Sidecart } from '../client/src/sidecart.ts'
import { SidecartError } from '../client/src/sidecart-error.ts'
import { ask, runJob } from '../local/api-client.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { codeVersion } from '../shared/lake/code-version.ts'
import { checkerboardFiles } from './checkerboard.ts'
import { nativeLibraries, unpackApp } from './packed-app.ts'
import { smoke } from './smoke.ts'
import { dropFile, eventually, jsonLines } from './stack-client.ts'

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
/** As a shop's developers ask, by the client they are given. */
let shop: Sidecart

async function start(): Promise<void> {
  stack = await startLocalStack({ stateDir, port: 0, settings, appDir })
  shop = new Sidecart(stack)
}
const first = ({ items }: ItemList): ListedItem | undefined => items[0]
const ids = ({ items }: ItemList) => items.map(({ item_id: itemId }) => itemId)
const categories = ({ items }: ItemList) => items.map(({ category }) => category)

beforeAll(async () => {
  unpackApp(appDir)
  await start()
}, 60_000)
afterAll(async () => {
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a shop on the real local stack, of the package alone', { timeout: 120_000 }, () => {
  test('is live and says that it is not ready before anything was loaded', async () => {
    const onAnswer = ({ status }: { status: number }) => expect(status).toBe(503)
    expect(await shop.health({ onAnswer })).toMatchObject({
      status: 'starting',
      live: true,
      ready: false,
      dependencies: { cosmos: { ok: true }, storage: { ok: true } },
    })
    expect((await shop.recommendUser({ id: 'nobody' })).items).toEqual([])
    // 70 MB that only the lake needs.
    expect(nativeLibraries(stack)).toEqual([])
    expect(await smoke(stack)).toEqual({ code: 1, said: expect.stringMatching(/NO {2}ready/) })
    expect(await smoke(stack, '--empty')).toMatchObject({ code: 0 })
    expect(await shop.batchStatus()).toEqual({ status: 'never_run', kind: 'refresh' })
  })

  test('takes in files, lists broken rows with number, column and value, and loads the rest', async () => {
    for (const [path, lines] of Object.entries(checkerboardFiles())) {
      const broken = path.startsWith('products/') ? ['i99,Broken,Even,cheap', 'i98,Torn'] : []
      await dropFile(stack, path, [...lines, ...broken])
    }
    const { job } = await runJob(stack, 'lake')
    const bindings = join(appDir, 'node_modules/@duckdb/node-bindings-linux-x64')
    expect(nativeLibraries(stack)).toEqual([join(bindings, 'duckdb.node'), join(bindings, 'libduckdb.so')])
    const log = (await shop.batchLogs({ job })).trim().split('\n')
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
    expect(await shop.batchStatus()).toMatchObject({ job, status: 'completed', percent: 100 })
    expect(await shop.batchJobs()).toMatchObject({ items: [{ job }, { kind: 'lake' }] })

    await eventually(
      () => shop.health(),
      ({ ready }) => ready,
    )
    expect(await smoke(stack, '--wait', '20', '--version', codeVersion)).toMatchObject({ code: 0 })
    for (const user of [0, 1, 7]) {
      const onAnswer = ({ headers }: { headers: Headers }) => expect(headers.get('x-sidecart-rung')).toBe('personal')
      const list = await shop.recommendUser({ id: `u${user}`, limit: 3 }, { onAnswer })
      expect(first(list)).toMatchObject({ item_id: `i${user}`, reason: { code: 'personal' } })
    }
    expect(first(await shop.recommendUser({ id: 'nobody', limit: 3 }))?.reason.code).toBe('trending')
    expect(categories(await shop.recommendItem({ id: 'i2', limit: 3 }))).toEqual(['Even', 'Even', 'Even'])
    const rules = await shop.rules({ id: 'i2', limit: 3 })
    expect(rules.items[0]).toMatchObject({ category: 'Even', reason: { code: 'rule' } })
    expect(categories(await shop.trending({ category: 'Odd', limit: 4 }))).toEqual(Array(4).fill('Odd'))
    expect(await shop.userProfile({ id: 'u3' })).toMatchObject({ user_id: 'u3', country: 'France' })
    expect(await shop.products({ limit: 5, category: 'Even' })).toMatchObject({ total: 6 })
    expect(await shop.product({ id: 'i4' })).toMatchObject({ name: 'Item 4', price: 5.5 })
    expect((await shop.cacheStats()).lists).toMatchObject({ users: { known: 12, listed: 12 }, items: { listed: 12 } })
  })

  test('tells what it did in figures, and answers in the trace of its caller', async () => {
    const traceId = randomUUID().replaceAll('-', '')
    const response = await ask(stack, '/metrics', { headers: { traceparent: `00-${traceId}-00000000000000aa-01` } })
    expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`))
    const figures = await response.text()
    for (const told of [
      ...['request_units_total{trigger="http"}', 'executions_total{trigger="http"}', 'lists_total{rung="personal"}'],
      'storage_operations_total{service="queue",kind="write"}',
    ])
      expect(figures).toContain(`\nsidecart_${told} `)
  })

  test('answers bad requests with code, field and value, and unknown items with 404', async () => {
    const problem = (asked: Promise<unknown>) =>
      asked.then(
        () => undefined,
        (cause: unknown) => cause,
      )
    const many = await problem(shop.recommendUser({ id: 'u1', limit: Number.NaN }))
    expect(many).toBeInstanceOf(SidecartError)
    expect(many).toMatchObject({ status: 400, code: 'invalid_query', errors: [{ field: 'limit', value: 'NaN' }] })
    // What no client sends.
    const torn = await ask(stack, '/api/interactions', { method: 'POST', body: '{"user_id":' })
    expect(torn.headers.get('content-type')).toBe('application/problem+json')
    expect(await torn.json()).toMatchObject({ status: 400, code: 'invalid_body' })
    expect(await problem(shop.recommendItem({ id: 'unheard-of' }))).toMatchObject({ status: 404, code: 'unknown_item' })
    const noJob = await problem(shop.batchLogs({ job: 'refresh-0123456789abcdef' }))
    expect(noJob).toMatchObject({ status: 404, code: 'unknown_job' })
  })

  test('shows a purchase in the next list within two seconds, without a retrain', async () => {
    expect(first(await shop.recommendUser({ id: 'nina' }))?.reason.code).toBe('trending')
    const posted = await shop.interactions({
      body: { user_id: 'nina', event_type: 'purchase', product_id: 'i3' },
    })
    expect(posted).toMatchObject({ accepted: 1, rejected: [], event_ids: [expect.any(String)] })
    const list = await eventually(
      () => shop.recommendUser({ id: 'nina', limit: 5 }),
      found => first(found)?.reason.code === 'recent',
      2_000,
    )
    expect(first(list)?.reason.text).toBe('Because you bought Item 3')
    expect(ids(list)).not.toContain('i3')
    expect(categories(list)).toEqual(Array(5).fill('Odd'))
  })

  test('knows a visitor by the session, and the user the visitor turns out to be', async () => {
    const ofSession = () => shop.recommendSession({ id: 's1', limit: 3 })
    expect(first(await ofSession())?.reason.code).toBe('trending')
    await shop.interactions({ body: { session_id: 's1', event_type: 'view', item_id: 'i4' } })
    const isEven = (list: ItemList) => list.items.length > 0 && categories(list).every(category => category === 'Even')
    await eventually(ofSession, isEven, 5_000)
    const ofGina = () => shop.recommendUser({ id: 'gina', limit: 3 })
    expect(first(await ofGina())?.reason.code).toBe('trending')
    expect(isEven(await shop.recommendUser({ id: 'gina', session: 's1', limit: 3 }))).toBe(true)
    await shop.interactions({ body: { event_type: 'login', user_id: 'gina', session_id: 's1' } })
    await eventually(ofGina, isEven, 5_000)
  })

  test('fills up a cart, puts what a search found in order, and pages without a repeat', async () => {
    const cart = await shop.recommendCartPosted({ body: { items: ['i0', 'i2'], limit: 3 } })
    expect(categories(cart)).toEqual(['Even', 'Even', 'Even'])
    expect(ids(cart)).not.toContain('i0')
    expect(ids(await shop.recommendCart({ items: ['i0', 'i2'], limit: 3 }))).toEqual(ids(cart))
    const found = await shop.recommendSearch({ body: { items: ['i1', 'i0'], user_id: 'u0' } })
    expect(ids(found).sort()).toEqual(['i0', 'i1'])
    const page = await shop.recommendCategory({ category: 'Odd', limit: 4 })
    const next = await shop.recommendCategory({ category: 'Odd', limit: 4, cursor: page.next_cursor ?? '' })
    expect(next.next_cursor).toBeNull()
    expect([...ids(page), ...ids(next)].sort()).toEqual(['i1', 'i11', 'i3', 'i5', 'i7', 'i9'])
  })

  test('writes everybody’s list for e-mail to Blob Storage, all but visitors’', async () => {
    const { job, request_units: requestUnits } = await runJob(stack, 'export')
    expect(requestUnits).toBeGreaterThan(0)
    const status = await shop.batchStatus({ job })
    if (status.status === 'never_run') throw new Error(`The job ${job} is not known`)
    const [created] = status.created_at.split('T')
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
    const isKnown = () =>
      shop.userProfile({ id: 'otto' }).then(
        () => true,
        () => false,
      )
    await eventually(isKnown, Boolean)
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
    const ofNina = () => shop.recommendUser({ id: 'nina', limit: 5 })
    const before = await ofNina()
    await stack.stop()
    await start()
    // The first answers do not wait for the model that nina's vector is made with.
    const after = await eventually(ofNina, ({ items }) => isDeepStrictEqual(items, before.items))
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
