import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount } from '../contract/account-under-test.ts'
import { type Rows, sqlShop } from '../contract/sql-shop.ts'

let account: AccountUnderTest
let rows: Rows

beforeAll(async () => {
  account = await openAccount()
  ;({ rows } = await sqlShop(account))
})

afterAll(() => account.close())

describe('partition scope', () => {
  test('a query with a partition key never sees the documents of another', async () => {
    expect(await rows('SELECT VALUE c.id FROM c', { partitionKey: 'x' })).toEqual(['a', 'b'])
    expect(await rows("SELECT VALUE c.id FROM c WHERE c.shop = 'y'", { partitionKey: 'x' })).toEqual([])
    expect(await rows("SELECT VALUE c.id FROM c WHERE c.id = 'c' OR true", { partitionKey: 'x' })).toEqual(['a', 'b'])
    expect(await rows('SELECT VALUE COUNT(1) FROM c', { partitionKey: 'nobody' })).toEqual([0])
    expect(
      await rows("SELECT VALUE c.id FROM c WHERE c.id IN ('a', 'c') ORDER BY c.id", { partitionKey: 'y' }),
    ).toEqual(['c'])
  })
})
