import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Sidecart } from '../client/src/sidecart.ts'
import { runJob } from '../local/api-client.ts'
import { startAzurite } from '../local/azurite/azurite.ts'
import { startEventHubs } from '../local/event-hubs/broker.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { azureBlobs } from '../shared/adapters/azure/blobs.ts'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { checkerboardFiles } from './checkerboard.ts'
import { allContainers, blobsNaming, filesNaming } from './scan-blobs.ts'
import { dropFile, eventually, jsonLines } from './stack-client.ts'

const canary = 'canary-4711'
const email = 'canary.bird.4711@example.com'
const phone = '+49 170 5554711'
const session = 'session-of-canary-4711'
const texts = [canary, email, phone, 'Canary Quillbird', session]

const settings = {
  ALS_FACTORS: '2',
  ALS_ITERATIONS: '15',
  RULES_MIN_SUPPORT: '0.01',
  ...{ REFRESH_SCHEDULE: 'off', LAKE_SCHEDULE: 'off', LAKE_DAILY_SCHEDULE: 'off' },
}
const stateDir = mkdtempSync(join(tmpdir(), 'sidecart-erasure-'))
let stack: LocalStack
let shop: Sidecart

beforeAll(async () => {
  stack = await startLocalStack({ stateDir, port: 0, settings })
  shop = new Sidecart(stack)
}, 90_000)
afterAll(() => rmSync(stateDir, { recursive: true, force: true }))

const event = (of: Record<string, unknown>) => ({
  ...{
    schema_version: 1 as const,
    event_id: randomUUID(),
    user_id: canary,
    event_type: 'view' as const,
    item_id: 'i4',
  },
  ...{ ts: new Date().toISOString(), ...of },
})

async function sendPast(bodies: readonly unknown[], hub: string): Promise<void> {
  const producer = new EventHubProducerClient(stack.settings.EventHubConnection ?? '', hub)
  await producer.sendBatch(
    bodies.map(body => ({ body })),
    { partitionKey: canary },
  )
  await producer.close()
}

/** Puts the person into every store that the shop has. */
async function plant(): Promise<void> {
  const person = `${canary},Canary Quillbird,${email},${phone},DE`
  await dropFile(stack, 'customers/crm.csv', ['user_id,name,email,phone,country', person])
  const orders = ['i0', 'i2', 'i6'].map((item, index) => `c${index},${canary},2025-12-0${index + 1},${item},1,5`)
  const broken = [`c8,${canary},2025-12-09,i8,many,5`, `c9,"${canary},2025-12-09`]
  const header = 'order_id,user_id,ordered_at,item_id,quantity,unit_price'
  await dropFile(stack, 'orders/canary.csv', [header, ...orders, ...broken])
  // A value that is refused is told in the job's log.
  await dropFile(stack, 'ratings/canary.csv', ['user_id,item_id,rating', `${canary},i4,${canary}`])
  const visit = [event({ user_id: undefined, session_id: session })]
  const login = [event({ event_type: 'login', item_id: undefined, session_id: session })]
  for (const events of [[event({}), event({ event_type: 'purchase', order_id: 'c0', item_id: 'i0' })], visit, login]) {
    expect((await shop.interactions({ body: events })).rejected).toEqual([])
  }
  await shop.preferencesSet({ id: canary, body: { categories: ['Even'] } })
  await sendPast([event({ event_type: 'dance', note: email })], 'interactions')
  const change = {
    schema_version: 1,
    change_id: randomUUID(),
    entity: 'customer',
    key: canary,
    ts: new Date().toISOString(),
  }
  await sendPast(
    [
      { ...change, op: 'update', data: { email, city: 'Ulm' } },
      { ...change, op: 'dance' },
    ],
    'catalog-changes',
  )
  await eventually(
    () => jsonLines(stack, 'dead-letter', ''),
    lines => lines.length === 2,
  )
  await runJob(stack, 'lake')
  await runJob(stack, 'refresh')
  await runJob(stack, 'export')
  expect((await shop.recommendUser({ id: canary })).items).not.toEqual([])
  // On its way: in a segment that nobody has folded.
  expect((await shop.interactions({ body: [event({ item_id: 'i5' })] })).accepted).toBe(1)
}

const lake = () => ({
  blobs: azureBlobs(stack.settings.AzureWebJobsStorage ?? ''),
  sql: duckDbSql({ memoryMb: 256, threads: 1 }),
})

describe('the erasure of a person on the real local stack', { timeout: 300_000 }, () => {
  test('takes under a minute and certifies every store', async () => {
    for (const [path, lines] of Object.entries(checkerboardFiles())) await dropFile(stack, path, lines)
    await plant()
    const planted = new Set((await blobsNaming(texts, allContainers, lake())).map(path => path.split('/')[0]))
    expect([...planted].sort()).toEqual(allContainers.filter(name => name !== 'privacy').sort())
    const servers = new Set((await filesNaming(texts, stateDir)).map(path => path.split('/')[0]))
    expect([...servers].sort()).toEqual(['azurite', 'cosmos', 'event-hubs'])
    const began = performance.now()
    const { erasure } = await shop.erasureRequest({ body: { user_id: canary } })
    const done = await eventually(
      () => shop.erasure({ id: erasure }),
      ({ status }) => status === 'completed',
      60_000,
    )
    expect(performance.now() - began).toBeLessThan(60_000)
    const stores = done.certificate?.stores ?? []
    expect(stores.length).toBeGreaterThan(10)
    expect(stores.filter(({ found, removed }) => found !== removed)).toEqual([])
  })

  test('leaves nothing in any blob that names the person', async () => {
    expect(await blobsNaming(texts, allContainers, lake())).toEqual([])
  })

  test('is no reason to take the person in again, when late events and the same files come', async () => {
    await shop.interactions({ body: [event({ item_id: 'i7' })] })
    await sendPast([event({ item_id: 'i9' }), event({ event_type: 'dance' })], 'interactions')
    await dropFile(stack, 'orders/late.csv', [
      'order_id,user_id,ordered_at,item_id,quantity,unit_price',
      `c0,${canary},2025-12-01,i0,1,5`,
    ])
    await runJob(stack, 'lake')
    await runJob(stack, 'refresh')
    const containers = allContainers.filter(name => name !== 'landing')
    expect(await blobsNaming(texts, containers, lake())).toEqual([])
    await lake().blobs.remove('landing/orders/late.csv')
  })

  test('leaves nothing in the raw files of the stack, but for the hubs until their retention has passed', async () => {
    await stack.stop()
    // What no blob names any more goes when the storage starts.
    const azurite = await startAzurite({ stateDir: join(stateDir, 'azurite') })
    await eventually(
      () => filesNaming(texts, join(stateDir, 'azurite')),
      found => found.length === 0,
      20_000,
    )
    await azurite.close()
    const inHubs = await filesNaming(texts, stateDir)
    expect(new Set(inHubs.map(path => path.split('/')[0]))).toEqual(new Set(['event-hubs']))
    const dayLater = () => Date.now() + 25 * 3_600_000
    const hubs = await startEventHubs({ stateDir: join(stateDir, 'event-hubs'), port: 0, now: dayLater, hubs: [] })
    await hubs.close()
    expect(await filesNaming(texts, stateDir)).toEqual([])
  })
})
