import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  concurrency: 'https://learn.microsoft.com/azure/cosmos-db/nosql/database-transactions-optimistic-concurrency',
  headers: 'https://learn.microsoft.com/rest/api/cosmos-db/common-cosmosdb-rest-request-headers',
  read: 'https://learn.microsoft.com/rest/api/cosmos-db/get-a-document',
})

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

const ifMatch = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } })

/** An item whose etag has passed since. */
async function outdated(id: string) {
  const { etag } = await container.items.create({ id, shop: 'x', n: 1 })
  const item = container.item(id, 'x')
  await item.replace({ id, shop: 'x', n: 2 }, ifMatch(etag))
  return { item, late: ifMatch(etag) }
}

rule('concurrency', 'a replace on the current etag is done, one on an etag that has passed is 412', async () => {
  const { item, late } = await outdated('replaced')
  expect(await refusal(item.replace({ id: 'replaced', shop: 'x', n: 3 }, late))).toMatchObject({ code: 412 })
  expect((await item.read()).resource).toMatchObject({ n: 2 })
})

rule('concurrency', 'an upsert on an etag that has passed is 412 and changes nothing', async () => {
  const { item, late } = await outdated('upserted')
  expect(await refusal(container.items.upsert({ id: 'upserted', shop: 'x', n: 3 }, late))).toMatchObject({ code: 412 })
  expect((await item.read()).resource).toMatchObject({ n: 2 })
})

rule('concurrency', 'a patch on an etag that has passed is 412 and changes nothing', async () => {
  const { item, late } = await outdated('patched')
  expect(await refusal(item.patch([{ op: 'incr', path: '/n', value: 1 }], late))).toMatchObject({ code: 412 })
  expect((await item.read()).resource).toMatchObject({ n: 2 })
})

rule('concurrency', 'a delete on an etag that has passed is 412 and deletes nothing', async () => {
  const { item, late } = await outdated('deleted')
  expect(await refusal(item.delete(late))).toMatchObject({ code: 412 })
  expect((await item.read()).statusCode).toBe(200)
})

rule('headers', 'a write on the condition * needs an item that is there, whatever its etag', async () => {
  await container.items.create({ id: 'any', shop: 'x' })
  expect((await container.item('any', 'x').replace({ id: 'any', shop: 'x', n: 1 }, ifMatch('*'))).statusCode).toBe(200)
})

rule('concurrency', 'of writers racing on one etag exactly one wins', async () => {
  const { etag } = await container.items.create({ id: 'race', shop: 'x', n: 0 })
  const races = Array.from({ length: 8 }, (_, n) =>
    container.item('race', 'x').replace({ id: 'race', shop: 'x', n }, ifMatch(etag)),
  )
  const outcomes = await Promise.allSettled(races)
  expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
})

rule('concurrency', 'every write changes the etag', async () => {
  const etags = new Set<string>()
  for (let n = 0; n < 5; n++) etags.add((await container.items.upsert({ id: 'etags', shop: 'x' })).etag)
  expect(etags.size).toBe(5)
})

rule('read', 'a read with the etag it already has is 304 without content, and 200 after a change', async () => {
  const { etag } = await container.items.create({ id: 'seen', shop: 'x' })
  const accessCondition = { type: 'IfNoneMatch', condition: etag }
  const unchanged = await container.item('seen', 'x').read({ accessCondition })
  expect(unchanged.statusCode).toBe(304)
  expect(unchanged.resource).toBeNull()
  await container.items.upsert({ id: 'seen', shop: 'x', n: 1 })
  expect((await container.item('seen', 'x').read({ accessCondition })).statusCode).toBe(200)
})
