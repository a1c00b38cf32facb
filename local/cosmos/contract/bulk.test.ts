import type { Container, OperationInput } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount } from './account-under-test.ts'

const rule = contract({
  bulk: 'https://learn.microsoft.com/javascript/api/@azure/cosmos/items',
  executor: 'https://learn.microsoft.com/azure/cosmos-db/nosql/tutorial-dotnet-bulk-import',
})

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

rule('bulk', 'each operation of a bulk is done for itself, over several partition keys', async () => {
  const results = await container.items.bulk([
    { operationType: 'Create', resourceBody: { id: 'a', shop: 'bulk1' } },
    { operationType: 'Create', resourceBody: { id: 'a', shop: 'bulk2' } },
    { operationType: 'Create', resourceBody: { id: 'a', shop: 'bulk1' } },
    { operationType: 'Read', id: 'a', partitionKey: 'bulk2' },
    { operationType: 'Delete', id: 'missing', partitionKey: 'bulk2' },
  ])
  expect(results.map(each => each.statusCode)).toEqual([201, 201, 409, 200, 404])
})

rule('bulk', 'a bulk patches and replaces', async () => {
  await container.items.create({ id: 'p', shop: 'changed', n: 1 })
  const results = await container.items.bulk([
    {
      operationType: 'Patch',
      id: 'p',
      partitionKey: 'changed',
      resourceBody: { operations: [{ op: 'incr', path: '/n', value: 2 }] },
    },
    {
      operationType: 'Replace',
      id: 'missing',
      partitionKey: 'changed',
      resourceBody: { id: 'missing', shop: 'changed' },
    },
  ])
  expect(results.map(each => each.statusCode)).toEqual([200, 404])
  expect((await container.item('p', 'changed').read()).resource).toMatchObject({ n: 3 })
})

rule('executor', 'executeBulkOperations writes hundreds of items', async () => {
  const operations: OperationInput[] = Array.from({ length: 250 }, (_, n) => ({
    operationType: 'Upsert',
    partitionKey: `bulk-${n % 7}`,
    resourceBody: { id: `${n}`, shop: `bulk-${n % 7}` },
  }))
  const results = await container.items.executeBulkOperations(operations)
  expect(results.map(each => each.response?.statusCode)).toEqual(operations.map(() => 201))
})
