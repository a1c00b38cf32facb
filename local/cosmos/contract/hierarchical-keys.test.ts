import { ChangeFeedStartFrom, type Container, PartitionKeyDefinitionVersion, PartitionKeyKind } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  keys: 'https://learn.microsoft.com/en-us/azure/cosmos-db/hierarchical-partition-keys',
  limits: 'https://learn.microsoft.com/en-us/azure/cosmos-db/hierarchical-partition-keys-faq',
  pull: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/change-feed-pull-model',
  bulk: 'Azure/azure-sdk-for-js/sdk/cosmosdb/cosmos/src/utils/hashing/multiHash.ts',
})

const TENANTS = Array.from({ length: 6 }, (_, n) => `tenant ${n}`)
const USERS = ['ann', 'ben']
const SESSIONS = [1, 2]

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container({ partitionKey: definition(['/tenant', '/user', '/session']) })
  const bodies = TENANTS.flatMap(tenant =>
    USERS.flatMap(user => SESSIONS.map(session => ({ id: 'item', tenant, user, session }))),
  )
  const results = await container.items.bulk(
    bodies.map(body => ({
      operationType: 'Create',
      partitionKey: [body.tenant, body.user, body.session],
      resourceBody: body,
    })),
  )
  expect(results.every(result => result.statusCode === 201)).toBe(true)
})

afterAll(() => account.close())

function definition(paths: string[]) {
  return { paths, kind: PartitionKeyKind.MultiHash, version: PartitionKeyDefinitionVersion.V2 }
}

interface Session {
  tenant: string
  user: string
  session: number
}

async function sessions(sql: string, partitionKey?: (string | number)[]): Promise<string[]> {
  const query = container.items.query<Session>(sql, partitionKey && { partitionKey })
  const { resources } = await query.fetchAll()
  return resources.map(({ tenant, user, session }) => `${tenant}/${user}/${session}`).sort()
}

const [first = ''] = TENANTS

rule('keys', 'an item is addressed by all values of its key', async () => {
  const item = container.item('item', [first, 'ann', 2])
  expect((await item.read()).resource).toMatchObject({ tenant: first, user: 'ann', session: 2 })
  expect((await container.item('item', [first, 'ann', 3]).read()).statusCode).toBe(404)
})

rule('keys', 'a point read with a few first values of the key is refused', async () => {
  expect(await refusal(container.item('item', [first, 'ann']).read())).toMatchObject({ code: 400 })
})

rule('bulk', 'the SDK sends bulk operations to the partition that the key is in', async () => {
  const keys = TENANTS.flatMap(tenant => USERS.map(user => [tenant, user, 1]))
  const results = await container.items.bulk(
    keys.map(partitionKey => ({ operationType: 'Read', id: 'item', partitionKey })),
  )
  expect(results.map(result => result.statusCode)).toEqual(keys.map(() => 200))
})

rule('keys', 'a query for the first value sees all keys that begin with it, and no others', async () => {
  const all = ['ann/1', 'ann/2', 'ben/1', 'ben/2'].map(rest => `${first}/${rest}`)
  expect(await sessions('SELECT * FROM c', [first])).toEqual(all)
  expect(await sessions(`SELECT * FROM c WHERE c.tenant = '${first}'`)).toEqual(all)
})

rule('keys', 'a query for two of three values, or all, sees what begins with them', async () => {
  expect(await sessions('SELECT * FROM c', [first, 'ben'])).toEqual([`${first}/ben/1`, `${first}/ben/2`])
  expect(await sessions('SELECT * FROM c', [first, 'ben', 2])).toEqual([`${first}/ben/2`])
  expect(await sessions(`SELECT * FROM c WHERE c.tenant = '${first}' AND c.user = 'ben'`)).toHaveLength(2)
})

rule('keys', 'a query for a later value alone goes over all partitions', async () => {
  const found = await sessions("SELECT * FROM c WHERE c.user = 'ann' AND c.session = 1")
  expect(found).toEqual(TENANTS.map(tenant => `${tenant}/ann/1`).sort())
})

rule('keys', 'aggregates and groups of one tenant are merged by the SDK', async () => {
  const where = `WHERE c.tenant = '${first}'`
  const count = container.items.query(`SELECT VALUE COUNT(1) FROM c ${where}`)
  expect((await count.fetchAll()).resources).toEqual([4])
  const groups = container.items.query(`SELECT c.user, COUNT(1) AS n FROM c ${where} GROUP BY c.user`)
  expect((await groups.fetchAll()).resources).toEqual(
    expect.arrayContaining([
      { user: 'ann', n: 2 },
      { user: 'ben', n: 2 },
    ]),
  )
})

rule('pull', 'the change feed of the first value holds all keys that begin with it', async () => {
  const changeFeedStartFrom = ChangeFeedStartFrom.Beginning([first])
  const iterator = container.items.getChangeFeedIterator<Session>({ changeFeedStartFrom })
  const found: string[] = []
  for (;;) {
    const page = await iterator.readNext()
    if (page.statusCode === 304) break
    for (const { tenant, user, session } of page.result) found.push(`${tenant}/${user}/${session}`)
  }
  expect(found.sort()).toEqual(['ann/1', 'ann/2', 'ben/1', 'ben/2'].map(rest => `${first}/${rest}`))
})

rule('keys', 'an item without one of the values is kept under none of it', async () => {
  const { resource } = await container.items.create({ id: 'loose', tenant: 'loose', user: 'ann' })
  expect(resource).toMatchObject({ id: 'loose' })
  expect(await sessions('SELECT * FROM c', ['loose', 'ann'])).toHaveLength(1)
})

rule('limits', 'a key has at most three levels', async () => {
  const refused = await refusal(account.container({ partitionKey: definition(['/a', '/b', '/c', '/d']) }))
  expect(refused).toMatchObject({ code: 400 })
})
