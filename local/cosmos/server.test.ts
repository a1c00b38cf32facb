import { rm } from 'node:fs/promises'
import { request } from 'node:http'
import { CosmosClient, type IndexingPolicy, PartitionKeyDefinitionVersion, PartitionKeyKind } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'
import { emulatorKey, startCosmos } from './server.ts'

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

describe('the account', () => {
  test('tells its region at the address it was reached by', async () => {
    const { resource } = await account.client.getDatabaseAccount()
    expect(resource?.writableLocations).toEqual([{ name: 'Local', databaseAccountEndpoint: account.server.url }])
    expect(resource?.consistencyPolicy).toBe('Session')
  })

  test('refuses another key with 401', async () => {
    const key = Buffer.from('another key').toString('base64')
    const client = new CosmosClient({ endpoint: account.server.url, key })
    expect(await refusal(client.databases.readAll().fetchAll())).toMatchObject({ code: 401 })
    client.dispose()
  })

  test('refuses a request without a signature, and one with a signature of another time', async () => {
    expect(await statusOf({})).toBe(401)
    expect(await statusOf({ authorization: 'x', 'x-ms-date': new Date().toUTCString() })).toBe(401)
    expect(await statusOf({ authorization: 'x', 'x-ms-date': 'Mon, 01 Jan 2024 00:00:00 GMT' })).toBe(403)
  })

  test('a taken port rejects with the original error', async () => {
    const second = startCosmos({ port: account.server.port, stateDir: account.stateDir })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('a state that another server has open is refused', async () => {
    await expect(startCosmos({ port: 0, stateDir: account.stateDir })).rejects.toThrow('cannot be opened')
  })

  async function statusOf(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const call = request(`${account.server.url}dbs`, { headers }, response => {
        response.resume()
        resolve(response.statusCode)
      })
      call.on('error', reject)
      call.end()
    })
  }
})

describe('databases and containers', () => {
  test('databases are created, listed, read and deleted with all that is in them', async () => {
    const { database } = await account.client.databases.create({ id: 'short lived' })
    await database.containers.create({ id: 'c', partitionKey: { paths: ['/k'] } })
    expect(await refusal(account.client.databases.create({ id: 'short lived' }))).toMatchObject({ code: 409 })
    const { resources } = await account.client.databases.readAll().fetchAll()
    expect(resources.map(each => each.id)).toContain('short lived')
    await database.delete()
    expect(await refusal(database.read())).toMatchObject({ code: 404 })
    expect(await refusal(database.container('c').read())).toMatchObject({ code: 404 })
  })

  test('a container keeps its definition, filled in as Azure does', async () => {
    const container = await account.container({ id: 'kept', defaultTtl: 60 })
    const { resource } = await container.read()
    expect(resource).toMatchObject({
      id: 'kept',
      defaultTtl: 60,
      partitionKey: { paths: ['/shop'], kind: 'Hash' },
      indexingPolicy: { indexingMode: 'consistent', automatic: true, includedPaths: [{ path: '/*' }] },
    })
    const again = await account.database.containers.createIfNotExists({
      id: 'kept',
      partitionKey: { paths: ['/shop'] },
    })
    expect(again.statusCode).toBe(200)
    expect(await refusal(account.container({ id: 'kept' }))).toMatchObject({ code: 409 })
    const { resources } = await account.database.containers.readAll().fetchAll()
    expect(resources.map(each => each.id)).toContain('kept')
  })

  test('a container can be redefined but not repartitioned', async () => {
    const container = await account.container({ id: 'redefined' })
    const { resource } = await container.replace({ id: 'redefined', partitionKey: { paths: ['/shop'] }, defaultTtl: 5 })
    expect(resource?.defaultTtl).toBe(5)
    const other = container.replace({ id: 'redefined', partitionKey: { paths: ['/other'] } })
    expect(await refusal(other)).toMatchObject({ code: 400 })
  })

  test('a container deleted and created again is empty', async () => {
    const container = await account.container({ id: 'twice' })
    await container.items.create({ id: 'a', shop: 'x' })
    await container.delete()
    expect(await refusal(container.items.create({ id: 'a', shop: 'x' }))).toMatchObject({ code: 404 })
    const again = await account.container({ id: 'twice' })
    expect((await again.items.query('SELECT VALUE COUNT(1) FROM c').fetchAll()).resources).toEqual([0])
  })

  test('a throughput is kept, shown as an offer and can be replaced', async () => {
    const container = await account.container({ id: 'offered', throughput: 500 })
    const { resource } = await container.readOffer()
    expect(resource?.content?.offerThroughput).toBe(500)
    if (!resource) throw new Error('The container has no offer')
    await account.client.offer(resource.id).replace({ ...resource, content: { offerThroughput: 600 } as never })
    expect((await container.readOffer()).resource?.content?.offerThroughput).toBe(600)
    expect(await refusal(account.container({ throughput: 50 }))).toMatchObject({ code: 400 })
  })

  test('one partition key range covers every key', async () => {
    const container = await account.container()
    const { resources } = await container.readPartitionKeyRanges().fetchAll()
    expect(resources).toMatchObject([{ id: '0', minInclusive: '', maxExclusive: 'FF' }])
  })

  test.each<[string, object]>([
    ['two paths of kind Hash', { partitionKey: { paths: ['/a', '/b'], kind: PartitionKeyKind.Hash } }],
    ['a composite index of one path', { indexingPolicy: { compositeIndexes: [[{ path: '/a', order: 'ascending' }]] } }],
    ['an unknown indexing mode', { indexingPolicy: { indexingMode: 'sometimes' } }],
    ['indexing paths without a rule for all', { indexingPolicy: { includedPaths: [{ path: '/a/?' }] } }],
    ['a default time to live of 0.5', { defaultTtl: 0.5 }],
    ['unique keys, which are not supported yet', { uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/email'] }] } }],
  ])('%s is refused', async (_, definition) => {
    expect(await refusal(account.container(definition))).toMatchObject({ code: 400 })
  })
})

describe('hierarchical partition keys', () => {
  test('items are addressed by all values, queries by a prefix as well', async () => {
    const container = await account.container({
      partitionKey: {
        paths: ['/tenant', '/user'],
        kind: PartitionKeyKind.MultiHash,
        version: PartitionKeyDefinitionVersion.V2,
      },
    })
    for (const [tenant, user] of [
      ['t', 'u'],
      ['t', 'v'],
      ['tt', 'u'],
    ]) {
      await container.items.create({ id: `${tenant}${user}`, tenant, user })
    }
    expect((await container.item('tu', ['t', 'u']).read()).resource).toMatchObject({ tenant: 't', user: 'u' })
    expect((await container.item('tu', ['t', 'v']).read()).statusCode).toBe(404)
    expect(await refusal(container.item('tu', ['t']).read())).toMatchObject({ code: 400 })
    const under = async (partitionKey: string[]) =>
      (await container.items.query('SELECT VALUE c.id FROM c', { partitionKey }).fetchAll()).resources
    expect(await under(['t', 'v'])).toEqual(['tv'])
    expect(await under(['t'])).toEqual(['tu', 'tv'])
  })
})

describe('time to live', () => {
  test('an item disappears from reads, queries and the id space when its time is over', async () => {
    const container = await account.container({ defaultTtl: -1 })
    await container.items.create({ id: 'brief', shop: 'x', ttl: 1 })
    await container.items.create({ id: 'lasting', shop: 'x' })
    const item = container.item('brief', 'x')
    expect((await item.read()).statusCode).toBe(200)
    await vi.waitFor(async () => expect((await item.read()).statusCode).toBe(404), { timeout: 5000, interval: 100 })
    expect((await container.items.query('SELECT VALUE c.id FROM c').fetchAll()).resources).toEqual(['lasting'])
    expect((await container.items.create({ id: 'brief', shop: 'x' })).statusCode).toBe(201)
  })

  test("an item's own time to live counts for nothing while the container has none", async () => {
    const container = await account.container()
    const timed = await account.container({ defaultTtl: 1 })
    await container.items.create({ id: 'a', shop: 'x', ttl: 1 })
    await timed.items.create({ id: 'a', shop: 'x' })
    const clock = timed.item('a', 'x')
    await vi.waitFor(async () => expect((await clock.read()).statusCode).toBe(404), { timeout: 5000, interval: 100 })
    expect((await container.item('a', 'x').read()).statusCode).toBe(200)
  })
})

describe('a container that is not indexed', () => {
  test('serves points and ids, and anything else only as a scan that is allowed', async () => {
    const indexingPolicy: IndexingPolicy = { indexingMode: 'none', automatic: false }
    const container = await account.container({ indexingPolicy })
    await container.items.create({ id: 'a', shop: 'x', n: 1 })
    expect((await container.item('a', 'x').read()).statusCode).toBe(200)
    const query = (sql: string, options = {}) =>
      container.items.query(sql, { partitionKey: 'x', ...options }).fetchAll()
    expect((await query("SELECT VALUE c.n FROM c WHERE c.id = 'a'")).resources).toEqual([1])
    expect(await refusal(query('SELECT VALUE c.id FROM c WHERE c.n = 1'))).toMatchObject({ code: 400 })
    const scanned = await query('SELECT VALUE c.id FROM c WHERE c.n = 1', { enableScanInQuery: true })
    expect(scanned.resources).toEqual(['a'])
    const ordered = query('SELECT * FROM c ORDER BY c.n', { enableScanInQuery: true })
    expect(await refusal(ordered)).toMatchObject({ code: 400 })
  })
})

test('a server started again on the same state has everything, and its change numbers go on', async () => {
  const first = await openAccount()
  const container = await first.container()
  await container.items.create({ id: 'a', shop: 'x' })
  await container.items.create({ id: 'b', shop: 'x' })
  await container.item('b', 'x').delete()
  first.client.dispose()
  await first.server.close()
  const server = await startCosmos({ port: 0, stateDir: first.stateDir })
  const client = new CosmosClient({ endpoint: server.url, key: emulatorKey })
  const again = client.database('shop').container(container.id)
  expect((await again.item('a', 'x').read()).statusCode).toBe(200)
  const { headers } = await again.items.create({ id: 'c', shop: 'x' })
  expect(headers['x-ms-session-token']).toBe('0:-1#4')
  client.dispose()
  await server.close()
  await rm(first.stateDir, { recursive: true })
})
