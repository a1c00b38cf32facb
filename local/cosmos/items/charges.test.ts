import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount } from '../contract/account-under-test.ts'

// The model of ru.ts, as clients see it: Azure's own charges differ in the decimals.
let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

test('a point read costs 1 RU for 1 KB and 10 RU for 100 KB', async () => {
  await container.items.upsert({ id: 'small', shop: 'ru' })
  await container.items.upsert({ id: 'big', shop: 'ru', text: 'x'.repeat(100 * 1024 - 300) })
  expect((await container.item('small', 'ru').read()).requestCharge).toBe(1)
  expect((await container.item('big', 'ru').read()).requestCharge).toBeCloseTo(10, 1)
})

test('a replace costs twice the create, and indexed properties cost more than unindexed ones', async () => {
  const body = { id: 'cost', shop: 'ru', a: 1, b: { c: 2 } }
  const plain = await account.container({ indexingPolicy: { indexingMode: 'none', automatic: false } })
  expect((await plain.items.create(body)).requestCharge).toBe(5.5)
  expect((await plain.items.upsert(body)).requestCharge).toBe(11)
  expect((await plain.item('cost', 'ru').delete()).requestCharge).toBe(5.5)
  expect((await container.items.create(body)).requestCharge).toBeCloseTo(5.5 + 4 * 0.2)
  expect((await container.items.upsert(body)).requestCharge).toBeCloseTo(2 * (5.5 + 4 * 0.2))
})

test('a query costs its base and what it loads', async () => {
  const page = await container.items.query("SELECT * FROM c WHERE c.id = 'small'", { partitionKey: 'ru' }).fetchNext()
  expect(page.requestCharge).toBeGreaterThan(2.8)
  expect(page.requestCharge).toBeLessThan(3.2)
})
