import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, named, openAccount, refusal } from './account-under-test.ts'
import { rawRequest } from './raw-request.ts'

const rest = 'https://learn.microsoft.com/rest/api/cosmos-db'
const rule = contract({
  create: `${rest}/create-a-database`,
  list: `${rest}/list-databases`,
  read: `${rest}/get-a-database`,
  remove: `${rest}/delete-a-database`,
  containers: `${rest}/create-a-collection`,
  readContainer: `${rest}/get-a-collection`,
  replace: `${rest}/replace-a-collection`,
  removeContainer: `${rest}/delete-a-collection`,
  statuses: `${rest}/http-status-codes-for-cosmosdb`,
  partitions: 'https://learn.microsoft.com/azure/cosmos-db/partitioning-overview',
  conflicts: 'https://learn.microsoft.com/azure/cosmos-db/conflict-resolution-policies',
})

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

rule('create', 'a database of a taken name is a conflict', async () => {
  const refused = await refusal(account.client.databases.create({ id: account.database.id }))
  expect(refused).toMatchObject({ code: 409 })
})

rule('list', 'a created database is in the list, and found by a query', async () => {
  const { resources } = await account.client.databases.readAll().fetchAll()
  expect(resources.map(each => each.id)).toContain(account.database.id)
  const parameters = [{ name: '@id', value: account.database.id }]
  const query = { query: 'SELECT VALUE d.id FROM d WHERE d.id = @id', parameters }
  expect((await account.client.databases.query(query).fetchAll()).resources).toEqual([account.database.id])
})

rule('remove', 'a deleted database is gone, with all that was in it', async () => {
  const database = await account.freshDatabase()
  await database.containers.create({ id: 'c', partitionKey: { paths: ['/k'] } })
  expect((await database.delete()).statusCode).toBe(204)
  expect(await refusal(database.read())).toMatchObject({ code: 404 })
  expect(await refusal(database.container('c').read())).toMatchObject({ code: 404 })
})

rule('read', 'an unknown database is 404', async () => {
  const refused = await refusal(account.client.database(named('nobody-has')).read())
  expect(refused).toMatchObject({ code: 404 })
})

rule('create', 'a database without an id is refused with 400', async () => {
  expect((await rawRequest(account, { method: 'POST', path: 'dbs', body: '{}' })).status).toBe(400)
})

rule('containers', 'a container keeps its definition, filled in by the service', async () => {
  const container = await account.container({ defaultTtl: 60 })
  const { resource } = await container.read()
  expect(resource).toMatchObject({
    id: container.id,
    defaultTtl: 60,
    partitionKey: { paths: ['/shop'], kind: 'Hash' },
    indexingPolicy: { indexingMode: 'consistent', automatic: true, includedPaths: [{ path: '/*' }] },
  })
})

rule(
  'containers',
  'a container of a taken name is a conflict; createIfNotExists finds the one that is there',
  async () => {
    const { id } = await account.container()
    expect(await refusal(account.container({ id }))).toMatchObject({ code: 409 })
    const again = await account.database.containers.createIfNotExists({ id, partitionKey: { paths: ['/shop'] } })
    expect(again.statusCode).toBe(200)
    const { resources } = await account.database.containers.readAll().fetchAll()
    expect(resources.map(each => each.id)).toContain(id)
  },
)

rule('replace', 'a container takes another time to live, and keeps its partition key', async () => {
  const { id } = await account.container()
  const container = account.database.container(id)
  const { resource } = await container.replace({ id, partitionKey: { paths: ['/shop'] }, defaultTtl: 5 })
  expect(resource?.defaultTtl).toBe(5)
  const other = container.replace({ id, partitionKey: { paths: ['/other'] } })
  expect(await refusal(other)).toMatchObject({ code: 400 })
})

rule('replace', 'an unknown container cannot be replaced', async () => {
  const id = named('nobody-has')
  const replaced = account.database.container(id).replace({ id, partitionKey: { paths: ['/shop'] } })
  expect(await refusal(replaced)).toMatchObject({ code: 404 })
})

rule('removeContainer', 'a container deleted and created again is empty', async () => {
  const container = await account.container()
  await container.items.create({ id: 'a', shop: 'x' })
  expect((await container.delete()).statusCode).toBe(204)
  const again = await account.container({ id: container.id })
  const { resources } = await again.items.query('SELECT VALUE COUNT(1) FROM c').fetchAll()
  expect(resources).toEqual([0])
})

rule('statuses', 'what is asked of an item in a container that is not there is 404 of substatus 1003', async () => {
  const item = account.database.container(named('nobody-has')).item('a', 'x')
  expect(await refusal(item.replace({ id: 'a', shop: 'x' }))).toMatchObject({ code: 404, substatus: 1003 })
})

rule('readContainer', 'an unknown container of a database that is there is 404 without that substatus', async () => {
  const refused = await refusal(account.database.container(named('nobody-has')).read())
  expect(refused.code).toBe(404)
  expect(refused.substatus).not.toBe(1003)
})

rule('partitions', 'a partition key of kind Hash has one path', async () => {
  const partitionKey = { paths: ['/a', '/b'], kind: 'Hash' as never }
  expect(await refusal(account.container({ partitionKey }))).toMatchObject({ code: 400 })
})

rule('partitions', 'a hierarchical partition key has at most three paths', async () => {
  const partitionKey = { paths: ['/a', '/b', '/c', '/d'], kind: 'MultiHash' as never, version: 2 }
  expect(await refusal(account.container({ partitionKey }))).toMatchObject({ code: 400 })
})

rule('partitions', 'a partition key path begins with a slash', async () => {
  expect(await refusal(account.container({ partitionKey: { paths: ['shop'] } }))).toMatchObject({ code: 400 })
})

rule('conflicts', 'a conflict resolution mode is LastWriterWins or Custom', async () => {
  const conflictResolutionPolicy = { mode: 'FirstWriterWins' as never }
  expect(await refusal(account.container({ conflictResolutionPolicy }))).toMatchObject({ code: 400 })
})

rule('containers', 'a container has the last writer win by its timestamp unless told otherwise', async () => {
  const { resource } = await (await account.container()).read()
  expect(resource?.conflictResolutionPolicy).toMatchObject({ mode: 'LastWriterWins', conflictResolutionPath: '/_ts' })
})
