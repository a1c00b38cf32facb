import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'
import { rawRequest } from './raw-request.ts'

const rule = contract({
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
})
const megabyte = 1024 * 1024

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

rule('limits', 'an item has at most 2 MB, by bytes and not by characters', async () => {
  const fits = 'ü'.repeat(megabyte - 500)
  expect((await container.items.create({ id: 'large', shop: 'x', fits })).statusCode).toBe(201)
  const larger = { id: 'larger', shop: 'x', text: `${fits}${'x'.repeat(1000)}` }
  expect(await refusal(container.items.create(larger))).toMatchObject({ code: 413 })
})

rule('limits', 'a patch cannot make an item larger than 2 MB', async () => {
  await container.items.create({ id: 'grown', shop: 'x', text: 'x'.repeat(2 * megabyte - 1000) })
  const value = 'y'.repeat(2000)
  const patched = container.item('grown', 'x').patch([{ op: 'add', path: '/more', value }])
  expect(await refusal(patched)).toMatchObject({ code: 413 })
})

rule('limits', 'an id has at most 1,023 bytes', async () => {
  expect((await container.items.create({ id: 'i'.repeat(1023), shop: 'x' })).statusCode).toBe(201)
  expect(await refusal(container.items.create({ id: 'i'.repeat(1024), shop: 'x' }))).toMatchObject({ code: 400 })
  expect(await refusal(container.items.create({ id: 'ü'.repeat(512), shop: 'x' }))).toMatchObject({ code: 400 })
})

for (const id of ['a/b', 'a\\b']) {
  rule('limits', `the id ${id} is refused`, async () => {
    const path = `dbs/${account.database.id}/colls/${container.id}/docs`
    const headers = { 'x-ms-documentdb-partitionkey': '["x"]' }
    const body = JSON.stringify({ id, shop: 'x' })
    expect((await rawRequest(account, { method: 'POST', path, headers, body })).status).toBe(400)
  })
}

rule('limits', 'a partition key value has at most 2,048 bytes', async () => {
  expect((await container.items.create({ id: 'a', shop: 's'.repeat(2000) })).statusCode).toBe(201)
  expect(await refusal(container.items.create({ id: 'a', shop: 's'.repeat(2049) }))).toMatchObject({ code: 400 })
})

rule('limits', 'objects and arrays are nested in at most 128 levels', async () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { n: nested(levels - 1) })
  const item = (id: string, levels: number) => ({ id, shop: 'x', n: nested(levels - 1) }) as { id: string }
  expect((await container.items.create(item('deep', 128))).statusCode).toBe(201)
  expect(await refusal(container.items.create(item('deeper', 129)))).toMatchObject({ code: 400 })
})

rule('limits', 'a number keeps its 64-bit floating point value', async () => {
  const numbers = [0.1, -0.5, 1e300, 5e-324, 9007199254740991, 1.7976931348623157e308]
  await container.items.create({ id: 'numbers', shop: 'x', numbers })
  expect((await container.item('numbers', 'x').read()).resource?.numbers).toEqual(numbers)
})

rule('limits', 'the name of a container has at most 255 characters', async () => {
  expect(await refusal(account.container({ id: 'c'.repeat(256) }))).toMatchObject({ code: 400 })
})

rule('limits', 'a query has at most 512 KB', async () => {
  const ids = JSON.stringify('x'.repeat(513 * 1024))
  const query = container.items.query(`SELECT * FROM c WHERE c.id = ${ids}`, { partitionKey: 'x' })
  expect(await refusal(query.fetchAll())).toMatchObject({ code: 400 })
})

rule('limits', 'a query has at most 10 joins', async () => {
  await container.items.create({ id: 'joined', shop: 'joins', list: [1] })
  const joins = (count: number) => Array.from({ length: count }, (_, n) => `JOIN j${n} IN c.list`).join(' ')
  const rows = (count: number) =>
    container.items.query(`SELECT VALUE c.id FROM c ${joins(count)}`, { partitionKey: 'joins' }).fetchAll()
  expect((await rows(10)).resources).toEqual(['joined'])
  expect(await refusal(rows(11))).toMatchObject({ code: 400 })
})
