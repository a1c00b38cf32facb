import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  keys: 'https://learn.microsoft.com/azure/cosmos-db/unique-keys',
  define: 'https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-define-unique-keys',
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
  batch: 'https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch',
  ttl: 'https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live',
})

let account: AccountUnderTest
let emails: Container

beforeAll(async () => {
  account = await openAccount()
  emails = await withKeys(['/email'])
})

afterAll(() => account.close())

function withKeys(...keys: string[][]): Promise<Container> {
  return account.container({ uniqueKeyPolicy: { uniqueKeys: keys.map(paths => ({ paths })) } })
}

rule('keys', 'a value is unique within a partition key and free under another', async () => {
  await emails.items.create({ id: '1', shop: 'within', email: 'a@b' })
  expect(await refusal(emails.items.create({ id: '2', shop: 'within', email: 'a@b' }))).toMatchObject({ code: 409 })
  expect((await emails.items.create({ id: '2', shop: 'beside', email: 'a@b' })).statusCode).toBe(201)
})

rule('keys', 'values are compared with their case', async () => {
  await emails.items.create({ id: '1', shop: 'case', email: 'Gaby' })
  expect((await emails.items.create({ id: '2', shop: 'case', email: 'gaby' })).statusCode).toBe(201)
})

rule('keys', 'a missing value is null, which one item can have', async () => {
  await emails.items.create({ id: '1', shop: 'missing' })
  expect(await refusal(emails.items.create({ id: '2', shop: 'missing' }))).toMatchObject({ code: 409 })
  expect(await refusal(emails.items.create({ id: '3', shop: 'missing', email: null }))).toMatchObject({ code: 409 })
})

rule('keys', 'a key of several paths is unique as a whole', async () => {
  const people = await withKeys(['/first', '/last', '/address/zip'])
  await people.items.create({ id: '1', shop: 'x', first: 'Gaby', last: 'Duperre', address: { zip: 1 } })
  const other = { id: '2', shop: 'x', first: 'Gaby', last: 'Duperre', address: { zip: 2 } }
  expect((await people.items.create(other)).statusCode).toBe(201)
  const same = { id: '3', shop: 'x', first: 'Gaby', last: 'Duperre', address: { zip: 2, street: 's' } }
  expect(await refusal(people.items.create(same))).toMatchObject({ code: 409 })
})

rule('define', 'each of several keys is unique for itself', async () => {
  const both = await withKeys(['/email'], ['/phone'])
  await both.items.create({ id: '1', shop: 'x', email: 'a', phone: 1 })
  expect(await refusal(both.items.create({ id: '2', shop: 'x', email: 'b', phone: 1 }))).toMatchObject({ code: 409 })
  expect(await refusal(both.items.create({ id: '2', shop: 'x', email: 'a', phone: 2 }))).toMatchObject({ code: 409 })
  expect((await both.items.create({ id: '2', shop: 'x', email: 'b', phone: 2 })).statusCode).toBe(201)
})

rule('keys', 'an update to a value another item has is a conflict, by upsert, replace and patch', async () => {
  await emails.items.create({ id: '1', shop: 'update', email: 'a' })
  await emails.items.create({ id: '2', shop: 'update', email: 'b' })
  const second = emails.item('2', 'update')
  const taken = { id: '2', shop: 'update', email: 'a' }
  expect(await refusal(emails.items.upsert(taken))).toMatchObject({ code: 409 })
  expect(await refusal(second.replace(taken))).toMatchObject({ code: 409 })
  expect(await refusal(second.patch([{ op: 'set', path: '/email', value: 'a' }]))).toMatchObject({ code: 409 })
  expect((await second.read()).resource).toMatchObject({ email: 'b' })
})

rule('keys', 'an item can be written again with the value it has', async () => {
  await emails.items.create({ id: '1', shop: 'again', email: 'a' })
  expect((await emails.items.upsert({ id: '1', shop: 'again', email: 'a', n: 1 })).statusCode).toBe(200)
})

rule('keys', 'a value is free when its item changes it or is deleted', async () => {
  await emails.items.create({ id: '1', shop: 'free', email: 'a' })
  await emails.items.upsert({ id: '1', shop: 'free', email: 'b' })
  expect((await emails.items.create({ id: '2', shop: 'free', email: 'a' })).statusCode).toBe(201)
  await emails.item('1', 'free').delete()
  expect((await emails.items.create({ id: '3', shop: 'free', email: 'b' })).statusCode).toBe(201)
})

rule('ttl', 'a value is free when the time of its item is over', async () => {
  const container = await account.container({
    defaultTtl: -1,
    uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/email'] }] },
  })
  await container.items.create<object>({ id: '1', shop: 'x', email: 'a', ttl: 1 })
  const created = () => container.items.create({ id: '2', shop: 'x', email: 'a' })
  await vi.waitFor(async () => expect((await created()).statusCode).toBe(201), { timeout: 10_000, interval: 200 })
})

rule('batch', 'a conflict within a batch undoes the values of the whole batch', async () => {
  const { code, result } = await emails.items.batch(
    [
      { operationType: 'Create', resourceBody: { id: '1', shop: 'batch', email: 'a' } },
      { operationType: 'Create', resourceBody: { id: '2', shop: 'batch', email: 'a' } },
    ],
    'batch',
  )
  expect({ code, statuses: result?.map(each => each.statusCode) }).toEqual({ code: 207, statuses: [424, 409] })
  expect((await emails.items.create({ id: '3', shop: 'batch', email: 'a' })).statusCode).toBe(201)
})

rule('keys', 'in a bulk only the operation with the taken value is a conflict', async () => {
  const results = await emails.items.bulk([
    { operationType: 'Create', resourceBody: { id: '1', shop: 'bulk', email: 'a' } },
    { operationType: 'Create', resourceBody: { id: '2', shop: 'bulk', email: 'a' } },
    { operationType: 'Create', resourceBody: { id: '3', shop: 'bulk', email: 'b' } },
  ])
  expect(results.map(each => each.statusCode)).toEqual([201, 409, 201])
})

rule('keys', 'the keys are set when a container is created and cannot be changed', async () => {
  const container = await withKeys(['/email'])
  const { resource } = await container.read()
  expect(resource?.uniqueKeyPolicy).toEqual({ uniqueKeys: [{ paths: ['/email'] }] })
  const others = { uniqueKeys: [{ paths: ['/phone'] }] }
  const replaced = container.replace({ ...resource, id: container.id, uniqueKeyPolicy: others } as never)
  expect(await refusal(replaced)).toMatchObject({ code: 400 })
})

rule('limits', 'a container has at most 10 unique keys', async () => {
  const keys = Array.from({ length: 11 }, (_, n) => [`/k${n}`])
  expect(await refusal(withKeys(...keys))).toMatchObject({ code: 400 })
  await withKeys(...keys.slice(1))
})

rule('limits', 'a unique key has at most 16 paths', async () => {
  const paths = Array.from({ length: 17 }, (_, n) => `/p${n}`)
  expect(await refusal(withKeys(paths))).toMatchObject({ code: 400 })
})
