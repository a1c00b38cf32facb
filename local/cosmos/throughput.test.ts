import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Container, CosmosClient, type Database } from '@azure/cosmos'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal } from './contract/account-under-test.ts'
import { type CosmosServer, emulatorKey, startCosmos } from './server.ts'

// The clock stands still unless a test moves it: what a second lets in is exact.
let nowMs = 1_000_000
let stateDir: string
let server: CosmosServer
let client: CosmosClient
let database: Database

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'cosmos-throughput-'))
  server = await startCosmos({ port: 0, stateDir, now: () => nowMs })
  const connectionPolicy = { retryOptions: { maxRetryAttemptCount: 0 } as never }
  client = new CosmosClient({ endpoint: server.url, key: emulatorKey, connectionPolicy })
  database = (await client.databases.create({ id: 'shop' })).database
})

afterAll(async () => {
  client.dispose()
  await server.close()
  await rm(stateDir, { recursive: true })
})

// Each create takes 5.9 RU: 5.5 and 0.2 for each of its two paths.
const createCharge = 5.9

async function container(id: string, throughput?: number): Promise<Container> {
  nowMs = Math.ceil(nowMs / 1000) * 1000 + 1000
  const partitionKey = { paths: ['/shop'] }
  return (await database.containers.create({ id, partitionKey, ...(throughput !== undefined && { throughput }) }))
    .container
}

async function createMany(into: Container, count: number): Promise<number[]> {
  const creates = Array.from({ length: count }, (_, n) => into.items.create({ id: `${nowMs}-${n}`, shop: 'x' }))
  const outcomes = await Promise.allSettled(creates)
  return outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value.statusCode : outcome.reason.code))
}

test('of many writes at once a second lets in as many as its share pays for', async () => {
  const items = await container('writes', 400)
  const share = 400 / (await items.readPartitionKeyRanges().fetchAll()).resources.length
  const statuses = await createMany(items, 100)
  expect(statuses.filter(status => status === 201)).toHaveLength(Math.ceil(share / createCharge))
  expect(await refusal(items.item('a', 'x').read())).toMatchObject({ code: 429 })
  const query = items.items.query('SELECT * FROM c', { partitionKey: 'x' }).fetchNext()
  expect(await refusal(query)).toMatchObject({ code: 429 })
  nowMs += 1000
  expect((await items.item('a', 'x').read()).statusCode).toBe(404)
})

test('a bulk refuses the operations beyond the throughput, each with 429 and its time to wait', async () => {
  const items = await container('bulk', 400)
  await createMany(items, 10)
  const operations = Array.from({ length: 100 }, (_, n) => ({
    operationType: 'Create' as const,
    resourceBody: { id: `bulk-${n}`, shop: 'x' },
  }))
  const results = await items.items.bulk(operations)
  const throttled = results.filter(each => each.statusCode === 429)
  expect(throttled.length).toBeGreaterThan(0)
  expect(results.filter(each => each.statusCode === 201).length + throttled.length).toBe(100)
  nowMs += 1000
  expect((await items.item('bulk-99', 'x').read()).statusCode).toBe(404)
})

test('a container without a throughput has no cap', async () => {
  const items = await container('serverless')
  expect((await createMany(items, 300)).every(status => status === 201)).toBe(true)
})

test('a replaced offer takes effect at once', async () => {
  const items = await container('raised', 400)
  await createMany(items, 100)
  expect(await refusal(items.item('a', 'x').read())).toMatchObject({ code: 429 })
  const { resource } = await items.readOffer()
  const content = { offerThroughput: 4000 } as never
  await client.offer(resource?.id ?? '').replace({ ...resource, content })
  expect((await items.item('a', 'x').read()).statusCode).toBe(404)
})

test('an offer is kept over a restart', async () => {
  await container('kept', 700)
  client.dispose()
  await server.close()
  server = await startCosmos({ port: 0, stateDir, now: () => nowMs })
  client = new CosmosClient({ endpoint: server.url, key: emulatorKey })
  database = client.database('shop')
  expect((await database.container('kept').readOffer()).resource?.content?.offerThroughput).toBe(700)
})
