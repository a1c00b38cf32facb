import { ConsistencyLevel } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'
import { rawRequest } from './raw-request.ts'

const rest = 'https://learn.microsoft.com/rest/api/cosmos-db'
const rule = contract({
  access: `${rest}/access-control-on-cosmosdb-resources`,
  statuses: `${rest}/http-status-codes-for-cosmosdb`,
  headers: `${rest}/common-cosmosdb-rest-response-headers`,
  consistency: 'https://learn.microsoft.com/azure/cosmos-db/consistency-levels',
  distribution: 'https://learn.microsoft.com/azure/cosmos-db/distribute-data-globally',
})

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

rule('distribution', 'the account names the regions it is written to and read from', async () => {
  const { resource } = await account.client.getDatabaseAccount()
  expect(resource?.writableLocations.length).toBeGreaterThan(0)
  for (const { name, databaseAccountEndpoint } of resource?.readableLocations ?? []) {
    expect(name).not.toBe('')
    expect(databaseAccountEndpoint).toMatch(/^https?:/)
  }
})

rule('access', 'a request signed with another key is refused with 401', async () => {
  const client = account.another({ key: Buffer.from('another key').toString('base64') })
  const refused = await refusal(client.databases.readAll().fetchAll())
  expect(refused).toMatchObject({ code: 401, message: expect.stringContaining('authorization token') })
})

rule('access', 'a request without a signature is refused with 401', async () => {
  const { status, body } = await rawRequest(account, { method: 'GET', path: 'dbs', unsigned: true })
  expect(status).toBe(401)
  expect(JSON.parse(body)).toMatchObject({ code: 'Unauthorized', message: expect.stringContaining('authorization') })
})

rule('access', 'a signature of 16 minutes ago is refused with 403, as the token has expired', async () => {
  const date = new Date(Date.now() - 16 * 60_000)
  expect((await rawRequest(account, { method: 'GET', path: 'dbs', date })).status).toBe(403)
})

rule('access', 'a signature dated 16 minutes ahead is refused with 403', async () => {
  const date = new Date(Date.now() + 16 * 60_000)
  expect((await rawRequest(account, { method: 'GET', path: 'dbs', date })).status).toBe(403)
})

rule('access', 'a signature of 14 minutes ago is still good', async () => {
  const date = new Date(Date.now() - 14 * 60_000)
  expect((await rawRequest(account, { method: 'GET', path: 'dbs', date })).status).toBe(200)
})

rule('access', 'a signature for one resource does not open another', async () => {
  const path = `dbs/${account.database.id}`
  const date = new Date()
  const { createHmac } = await import('node:crypto')
  const text = `get\ndbs\ndbs/another\n${date.toUTCString().toLowerCase()}\n\n`
  const sig = createHmac('sha256', Buffer.from(account.key, 'base64')).update(text).digest('base64')
  const headers = { authorization: encodeURIComponent(`type=master&ver=1.0&sig=${sig}`) }
  expect((await rawRequest(account, { method: 'GET', path, date, headers, unsigned: true })).status).toBe(401)
})

rule('statuses', 'a method that a resource does not have is refused with 405', async () => {
  const path = `dbs/${account.database.id}`
  expect((await rawRequest(account, { method: 'PUT', path, body: '{}' })).status).toBe(405)
})

rule('headers', 'every answer carries its request charge and an activity id, refusals too', async () => {
  const path = `dbs/${account.database.id}`
  for (const answer of [
    await rawRequest(account, { method: 'GET', path }),
    await rawRequest(account, { method: 'GET', path: 'dbs/nobody-has-this' }),
  ]) {
    expect(Number(answer.headers.get('x-ms-request-charge'))).toBeGreaterThanOrEqual(0)
    expect(answer.headers.get('x-ms-request-charge')).not.toBeNull()
    expect(answer.headers.get('x-ms-activity-id')).toMatch(/^[\da-f-]{36}$/)
  }
})

rule('statuses', 'a read that asks for more consistency than the account has is refused with 400', async () => {
  const container = await account.container()
  await container.items.create({ id: 'a', shop: 'x' })
  const strong = account.another({ consistencyLevel: ConsistencyLevel.Strong })
  const item = strong.database(account.database.id).container(container.id).item('a', 'x')
  expect(await refusal(item.read())).toMatchObject({ code: 400 })
})

rule('consistency', 'a read that asks for less consistency than the account has is answered', async () => {
  const container = await account.container()
  await container.items.create({ id: 'a', shop: 'x' })
  const eventual = account.another({ consistencyLevel: ConsistencyLevel.Eventual })
  const item = eventual.database(account.database.id).container(container.id).item('a', 'x')
  expect((await item.read()).statusCode).toBe(200)
})
