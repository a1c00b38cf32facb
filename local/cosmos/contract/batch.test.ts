import type { Container, OperationInput } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  batch: 'https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch',
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
})

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

const ids = async (shop: string) =>
  (await container.items.query('SELECT VALUE c.id FROM c ORDER BY c.id', { partitionKey: shop }).fetchAll()).resources

rule('batch', 'a batch does all its operations and answers each with status, etag, charge and body', async () => {
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
  expect(result?.[3]).toMatchObject({ resourceBody: { id: 'old', n: 2 }, eTag: expect.any(String) })
  expect(result?.[0]?.requestCharge).toBeGreaterThan(1)
  expect(await ids('all')).toEqual(['old', 'up'])
})

rule(
  'batch',
  'a batch of which one operation fails does nothing: that one has its status, the others 424',
  async () => {
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
  },
)

rule('batch', 'a failing batch takes nothing back from writes beside it', async () => {
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

rule('batch', 'an operation sees what those before it in the batch did', async () => {
  const { result } = await container.items.batch(
    [
      { operationType: 'Create', resourceBody: { id: 'chain', shop: 'chain', n: 1 } },
      { operationType: 'Patch', id: 'chain', resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] } },
      { operationType: 'Read', id: 'chain' },
    ],
    'chain',
  )
  expect(result?.[2]?.resourceBody).toMatchObject({ n: 2 })
})

rule('batch', 'an operation whose etag has passed fails the batch with 412', async () => {
  await container.items.create({ id: 'guard', shop: 'etag' })
  const { code, result } = await container.items.batch(
    [
      { operationType: 'Create', resourceBody: { id: 'new', shop: 'etag' } },
      { operationType: 'Replace', id: 'guard', ifMatch: '"other"', resourceBody: { id: 'guard', shop: 'etag' } },
    ],
    'etag',
  )
  expect({ code, statuses: result?.map(each => each.statusCode) }).toEqual({ code: 207, statuses: [424, 412] })
})

rule('batch', 'an operation whose patch condition does not hold fails the batch with 412', async () => {
  await container.items.create({ id: 'guard', shop: 'condition', n: 1 })
  const resourceBody = { condition: 'from c where c.n = 2', operations: [{ op: 'incr', path: '/n', value: 1 }] }
  const operation = { operationType: 'Patch', id: 'guard', resourceBody } as OperationInput
  const { code, result } = await container.items.batch([operation], 'condition')
  expect({ code, status: result?.[0]?.statusCode }).toEqual({ code: 207, status: 412 })
})

rule('batch', 'an operation on another partition key fails the batch', async () => {
  const { code, result } = await container.items.batch(
    [{ operationType: 'Create', resourceBody: { id: 'stray', shop: 'there' } }],
    'here',
  )
  expect({ code, status: result?.[0]?.statusCode }).toEqual({ code: 207, status: 400 })
})

rule('limits', 'a batch of 100 operations is done, one of 101 refused', async () => {
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
  expect((await container.items.batch(operations, 'many')).code).toBe(200)
  expect(await ids('many')).toHaveLength(100)
})

rule('limits', 'a batch larger than 2 MB is refused with 413', async () => {
  const text = 'x'.repeat(1024 * 1024)
  const operations: OperationInput[] = ['a', 'b', 'c'].map(id => ({
    operationType: 'Create',
    resourceBody: { id, shop: 'heavy', text },
  }))
  expect(await refusal(container.items.batch(operations, 'heavy'))).toMatchObject({ code: 413 })
  expect(await ids('heavy')).toEqual([])
})
