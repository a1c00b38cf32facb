import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'
import { rawRequest } from './raw-request.ts'

const rest = 'https://learn.microsoft.com/rest/api/cosmos-db'
const rule = contract({
  create: `${rest}/create-a-document`,
  read: `${rest}/get-a-document`,
  replace: `${rest}/replace-a-document`,
  remove: `${rest}/delete-a-document`,
  documents: `${rest}/documents`,
  headers: `${rest}/common-cosmosdb-rest-request-headers`,
  statuses: `${rest}/http-status-codes-for-cosmosdb`,
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
  charges: 'https://learn.microsoft.com/azure/cosmos-db/request-units',
  partitions: 'https://learn.microsoft.com/azure/cosmos-db/partitioning-overview',
})

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

rule('documents', 'a created item is read back with the properties of the system', async () => {
  const created = await container.items.create({ id: 'lamp', shop: 'x', price: 10 })
  expect(created.statusCode).toBe(201)
  const { resource, etag, headers } = await container.item('lamp', 'x').read()
  expect(resource).toMatchObject({ id: 'lamp', shop: 'x', price: 10, _etag: etag, _attachments: 'attachments/' })
  expect(resource?._ts).toBeGreaterThan(1_600_000_000)
  expect(headers['x-ms-session-token']).toMatch(/^\d+:-1#\d+/)
})

rule('create', 'an id taken within its partition key is a conflict', async () => {
  await container.items.create({ id: 'taken', shop: 'x' })
  expect(await refusal(container.items.create({ id: 'taken', shop: 'x' }))).toMatchObject({ code: 409 })
})

rule('partitions', 'an id is free under another partition key', async () => {
  await container.items.create({ id: 'twice', shop: 'x' })
  expect((await container.items.create({ id: 'twice', shop: 'y' })).statusCode).toBe(201)
})

rule('read', 'an item is 404 under another partition key than its own', async () => {
  await container.items.create({ id: 'hidden', shop: 'x' })
  const { statusCode, resource } = await container.item('hidden', 'y').read()
  expect({ statusCode, resource }).toEqual({ statusCode: 404, resource: undefined })
})

rule('remove', 'an item that is not there cannot be deleted', async () => {
  expect(await refusal(container.item('nowhere', 'x').delete())).toMatchObject({ code: 404 })
})

rule('replace', 'an item that is not there cannot be replaced', async () => {
  const replaced = container.item('nowhere', 'x').replace({ id: 'nowhere', shop: 'x' })
  expect(await refusal(replaced)).toMatchObject({ code: 404 })
})

rule('partitions', 'null, a missing value, numbers, texts and booleans are different partition keys', async () => {
  const keys = [null, undefined, 1, '1', true]
  for (const shop of keys) {
    await container.items.create({ id: 'typed', mark: `${typeof shop} ${shop}`, ...(shop !== undefined && { shop }) })
  }
  const marks: unknown[] = []
  for (const shop of keys) marks.push((await container.item('typed', shop).read()).resource?.mark)
  expect(marks).toEqual(['object null', 'undefined undefined', 'number 1', 'string 1', 'boolean true'])
})

rule('limits', 'ids with spaces, percent signs and other scripts are addressed as they are', async () => {
  for (const id of ['a b', '50%', 'ü', '日本', 'a+b', "it's", 'x%20y', '€&=']) {
    await container.items.create({ id, shop: 'ids' })
    expect((await container.item(id, 'ids').read()).resource?.id).toBe(id)
  }
})

rule('documents', 'upsert answers 201 for a new item and 200 for one that was there', async () => {
  expect((await container.items.upsert({ id: 'up', shop: 'x', n: 1 })).statusCode).toBe(201)
  const second = await container.items.upsert({ id: 'up', shop: 'x', n: 2 })
  expect(second.statusCode).toBe(200)
  expect(second.resource?.n).toBe(2)
})

rule('replace', 'replace keeps the resource id, changes the etag and drops what the new document lacks', async () => {
  const { resource: before } = await container.items.create({ id: 'swap', shop: 'x', old: true })
  const { resource: after } = await container.item('swap', 'x').replace({ id: 'swap', shop: 'x', n: 1 })
  expect(after?._rid).toBe(before?._rid)
  expect(after?._etag).not.toBe(before?._etag)
  expect(after).not.toHaveProperty('old')
})

rule('remove', 'a deleted item is gone and its id is free again', async () => {
  await container.items.create({ id: 'gone', shop: 'x' })
  expect((await container.item('gone', 'x').delete()).statusCode).toBe(204)
  expect((await container.item('gone', 'x').read()).statusCode).toBe(404)
  expect((await container.items.create({ id: 'gone', shop: 'x' })).statusCode).toBe(201)
})

rule('replace', 'a document under another partition key than the request is refused', async () => {
  await container.items.create({ id: 'kept', shop: 'x' })
  const refused = await refusal(container.item('kept', 'x').replace({ id: 'kept', shop: 'y' }))
  expect(refused.code).toBe(400)
})

rule('replace', 'a document of another id than the request is refused', async () => {
  await container.items.create({ id: 'named', shop: 'x' })
  const refused = await refusal(container.item('named', 'x').replace({ id: 'other', shop: 'x' }))
  expect(refused.code).toBe(400)
})

rule('create', 'an item without an id is refused', async () => {
  const options = { disableAutomaticIdGeneration: true }
  expect(await refusal(container.items.create({ shop: 'x' }, options))).toMatchObject({ code: 400 })
})

rule('statuses', 'a body that is not JSON is refused with 400', async () => {
  const answer = await rawRequest(account, {
    method: 'POST',
    path: itemsPath(),
    headers: { 'x-ms-documentdb-partitionkey': '["x"]' },
    body: '{"id": "half"',
  })
  expect(answer.status).toBe(400)
})

rule('statuses', 'a point operation without a partition key is refused with 400', async () => {
  const answer = await rawRequest(account, { method: 'GET', path: `${itemsPath()}/lamp` })
  expect(answer.status).toBe(400)
})

rule('partitions', 'an object is no partition key', async () => {
  const initialHeaders = { 'x-ms-documentdb-partitionkey': '[{"a":1}]' }
  expect(await refusal(container.item('lamp', 'x').read({ initialHeaders }))).toMatchObject({ code: 400 })
})

rule('headers', 'a write with prefer: return=minimal gives no content back', async () => {
  const answer = await rawRequest(account, {
    method: 'POST',
    path: itemsPath(),
    headers: { 'x-ms-documentdb-partitionkey': '["x"]', prefer: 'return=minimal' },
    body: JSON.stringify({ id: 'silent', shop: 'x' }),
  })
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 201, body: '' })
  expect(answer.headers.get('etag')).toMatch(/^".+"$/)
})

rule('charges', 'a point read of 1 KB costs 1 RU', async () => {
  await container.items.create({ id: 'small', shop: 'ru' })
  expect((await container.item('small', 'ru').read()).requestCharge).toBe(1)
})

rule('charges', 'a write costs more than a read of the same item', async () => {
  const { requestCharge } = await container.items.create({ id: 'priced', shop: 'ru', text: 'x'.repeat(500) })
  expect(requestCharge).toBeGreaterThan((await container.item('priced', 'ru').read()).requestCharge)
})

rule('headers', 'a write that names a trigger that is not there is refused with 400', async () => {
  const refused = await refusal(container.items.create({ id: 'triggered', shop: 'x' }, { preTriggerInclude: 'stamp' }))
  expect(refused).toMatchObject({ code: 400 })
  expect((await container.item('triggered', 'x').read()).statusCode).toBe(404)
})

rule('statuses', 'a method an item does not have is refused with 405', async () => {
  const headers = { 'x-ms-documentdb-partitionkey': '["x"]' }
  expect((await rawRequest(account, { method: 'POST', path: `${itemsPath()}/lamp`, headers, body: '{}' })).status).toBe(
    405,
  )
})

function itemsPath(): string {
  return `dbs/${account.database.id}/colls/${container.id}/docs`
}
