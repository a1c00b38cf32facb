import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CosmosClient, type FeedOptions } from '@azure/cosmos'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refusal } from '../contract/account-under-test.ts'
import { type CosmosServer, emulatorKey, startCosmos } from '../server.ts'

let stateDir: string
let server: CosmosServer | undefined
let client: CosmosClient | undefined

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'cosmos-partitions-'))
})

afterEach(async () => {
  await stop()
  await rm(stateDir, { recursive: true })
})

async function start(partitions?: number): Promise<CosmosClient> {
  await stop()
  server = await startCosmos({ port: 0, stateDir, ...(partitions !== undefined && { partitions }) })
  client = new CosmosClient({ endpoint: server.url, key: emulatorKey })
  return client
}

async function stop(): Promise<void> {
  client?.dispose()
  await server?.close()
  client = undefined
  server = undefined
}

async function container(of: CosmosClient, id: string) {
  const { database } = await of.databases.createIfNotExists({ id: 'shop' })
  return (await database.containers.createIfNotExists({ id, partitionKey: { paths: ['/shop'] } })).container
}

describe('the number of partitions', () => {
  test('is three unless the server is told another, and stays what it was when the container was created', async () => {
    const first = await container(await start(), 'old')
    expect(await first.getFeedRanges()).toHaveLength(3)
    const again = await start(5)
    expect(await (await container(again, 'old')).getFeedRanges()).toHaveLength(3)
    expect(await (await container(again, 'new')).getFeedRanges()).toHaveLength(5)
  })

  test('must be at least one', async () => {
    await expect(start(0)).rejects.toThrow('partitions must be an integer from 1 to 256: current value is 0')
  })
})

test('each partition counts its own changes, and goes on counting after a restart', async () => {
  const before = await container(await start(), 'items')
  const tokens = new Map<string, number>()
  for (let n = 0; n < 20; n++) {
    const { headers } = await before.items.create({ id: `${n}`, shop: `shop ${n}` })
    const [range = '', lsn] = String(headers['x-ms-session-token']).split(':-1#')
    expect(Number(lsn)).toBe((tokens.get(range) ?? 0) + 1)
    tokens.set(range, Number(lsn))
  }
  expect(tokens.size).toBe(3)
  const after = await container(await start(), 'items')
  const { headers } = await after.items.create({ id: 'more', shop: 'shop 1' })
  const [range = '', lsn] = String(headers['x-ms-session-token']).split(':-1#')
  expect(Number(lsn)).toBe((tokens.get(range) ?? 0) + 1)
})

test('a session token of a change that its partition has not seen is refused', async () => {
  const items = await container(await start(), 'items')
  const { headers } = await items.items.create({ id: 'a', shop: 'x' })
  const [range] = String(headers['x-ms-session-token']).split(':')
  // Without endpoint discovery the SDK does not ask again without the token.
  const connectionPolicy = { enableEndpointDiscovery: false }
  const strict = new CosmosClient({ endpoint: server?.url ?? '', key: emulatorKey, connectionPolicy })
  const again = strict.database('shop').container('items')
  const sessionToken = `${range}:-1#2`
  const query = again.items.query('SELECT * FROM c', { partitionKey: 'x', sessionToken }).fetchNext()
  expect(await refusal(query)).toMatchObject({ code: 404, substatus: 1002 })
  expect((await again.item('a', 'x').read({ sessionToken })).statusCode).toBe(404)
  strict.dispose()
})

test('a session token that tells of a range that is not there counts for nothing', async () => {
  const items = await container(await start(), 'items')
  await items.items.create({ id: 'a', shop: 'x' })
  expect((await items.item('a', 'x').read({ sessionToken: '99:-1#1000' })).statusCode).toBe(200)
  await expect(items.item('a', 'x').read({ sessionToken: 'nonsense' })).rejects.toMatchObject({ code: 400 })
})

test('a request for a key of another range than the one it names is refused', async () => {
  const items = await container(await start(), 'items')
  const { headers } = await items.items.create({ id: 'a', shop: 'x' })
  const [own = ''] = String(headers['x-ms-session-token']).split(':')
  const inRange = (id: string) => {
    const initialHeaders = { 'x-ms-documentdb-partitionkeyrangeid': id }
    return items.items
      .query('SELECT VALUE c.id FROM c', { partitionKey: 'x', initialHeaders } as FeedOptions)
      .fetchNext()
  }
  expect((await inRange(own)).resources).toEqual(['a'])
  expect(await refusal(inRange(own === '0' ? '1' : '0'))).toMatchObject({ code: 410, substatus: 1002 })
})

test('a state folder of an older schema is refused by its name, with what to do', async () => {
  const old = new DatabaseSync(join(stateDir, 'cosmos.sqlite'))
  old.exec('CREATE TABLE containers (number INTEGER PRIMARY KEY)')
  old.close()
  for (const said of [stateDir, 'is of schema 0, this server reads schema 2', 'start with --fresh']) {
    await expect(startCosmos({ port: 0, stateDir })).rejects.toThrow(said)
  }
})
