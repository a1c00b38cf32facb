import type { Container, OperationInput } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount, refusal } from '../account-under-test.ts'

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

const ids = async (shop: string) =>
  (await container.items.query('SELECT VALUE c.id FROM c ORDER BY c.id', { partitionKey: shop }).fetchAll()).resources

describe('a transactional batch', () => {
  test('does all its operations and answers each with status, etag, charge and body', async () => {
    await container.items.create({ id: 'old', shop: 'all', n: 1 })
    const { code, result } = await container.items.batch(
      [
        { operationType: 'Create', resourceBody: { id: 'new', shop: 'all' } },
        { operationType: 'Upsert', resourceBody: { id: 'up', shop: 'all' } },
        { operationType: 'Patch', id: 'old', resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] } },
        { operationType: 'Read', id: 'old' },
        { operationType: 'Replace', id: 'up', resourceBody: { id: 'up', shop: 'all', n: 2 } },
        { operationType: 'Delete', id: 'new' },
      ],
      'all',
    )
    expect(code).toBe(200)
    expect(result?.map(each => each.statusCode)).toEqual([201, 201, 200, 200, 200, 204])
    expect(result?.[3]).toMatchObject({ resourceBody: { id: 'old', n: 2 }, eTag: expect.any(String), requestCharge: 1 })
    expect(await ids('all')).toEqual(['old', 'up'])
  })

  test('does nothing when one operation fails: that one has its status, the others 424', async () => {
    await container.items.create({ id: 'there', shop: 'none', n: 1 })
    const { code, result } = await container.items.batch(
      [
        { operationType: 'Create', resourceBody: { id: 'first', shop: 'none' } },
        { operationType: 'Upsert', resourceBody: { id: 'there', shop: 'none', n: 2 } },
        { operationType: 'Create', resourceBody: { id: 'there', shop: 'none' } },
        { operationType: 'Create', resourceBody: { id: 'last', shop: 'none' } },
      ],
      'none',
    )
    expect(code).toBe(207)
    expect(result?.map(each => each.statusCode)).toEqual([424, 424, 409, 424])
    expect(await ids('none')).toEqual(['there'])
    expect((await container.item('there', 'none').read()).resource).toMatchObject({ n: 1 })
  })

  test('a failing batch takes nothing back from writes beside it', async () => {
    const beside = Array.from({ length: 20 }, (_, n) => container.items.create({ id: `w${n}`, shop: 'beside' }))
    const failing = container.items.batch(
      [
        { operationType: 'Create', resourceBody: { id: 'no', shop: 'beside' } },
        { operationType: 'Delete', id: 'nowhere' },
      ],
      'beside',
    )
    await Promise.all([...beside, failing])
    expect(await ids('beside')).toHaveLength(20)
  })

  test('a condition of an operation that fails is 412', async () => {
    await container.items.create({ id: 'guard', shop: 'etag' })
    const { result } = await container.items.batch(
      [{ operationType: 'Replace', id: 'guard', ifMatch: '"other"', resourceBody: { id: 'guard', shop: 'etag' } }],
      'etag',
    )
    expect(result?.[0]?.statusCode).toBe(412)
  })

  test('an operation of another partition key fails the batch', async () => {
    const { code, result } = await container.items.batch(
      [{ operationType: 'Create', resourceBody: { id: 'stray', shop: 'there' } }],
      'here',
    )
    expect({ code, status: result?.[0]?.statusCode }).toEqual({ code: 207, status: 400 })
  })

  test('more than 100 operations are refused by the server too', async () => {
    const operations: OperationInput[] = Array.from({ length: 100 }, (_, n) => ({
      operationType: 'Create',
      resourceBody: { id: `${n}`, shop: 'many' },
    }))
    // The SDK counts before it asks; an array that lies about its length gets past it.
    const many = new Proxy(operations, {
      get: (target, key) => (key === 'toJSON' ? () => [...target, target[0]] : Reflect.get(target, key)),
    })
    expect(await refusal(container.items.batch(many, 'many'))).toMatchObject({ code: 400 })
    expect(await ids('many')).toEqual([])
  })
})

describe('bulk', () => {
  test('does each operation for itself, over several partition keys', async () => {
    const results = await container.items.bulk([
      { operationType: 'Create', resourceBody: { id: 'a', shop: 'bulk1' } },
      { operationType: 'Create', resourceBody: { id: 'a', shop: 'bulk2' } },
      { operationType: 'Create', resourceBody: { id: 'a', shop: 'bulk1' } },
      { operationType: 'Read', id: 'a', partitionKey: 'bulk2' },
      { operationType: 'Delete', id: 'missing', partitionKey: 'bulk2' },
    ])
    expect(results.map(each => each.statusCode)).toEqual([201, 201, 409, 200, 404])
  })

  test('executeBulkOperations writes hundreds of items', async () => {
    const operations: OperationInput[] = Array.from({ length: 250 }, (_, n) => ({
      operationType: 'Upsert',
      partitionKey: `bulk-${n % 7}`,
      resourceBody: { id: `${n}`, shop: `bulk-${n % 7}` },
    }))
    const results = await container.items.executeBulkOperations(operations)
    expect(results.every(each => each.response?.statusCode === 201)).toBe(true)
  })
})
