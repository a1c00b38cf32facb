import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount, refusal } from '../account-under-test.ts'

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

describe('create and read', () => {
  test('a created item is read back by id and partition key with the properties of the system', async () => {
    const created = await container.items.create({ id: 'lamp', shop: 'x', price: 10 })
    expect(created.statusCode).toBe(201)
    const { resource, etag, headers } = await container.item('lamp', 'x').read()
    expect(resource).toMatchObject({ id: 'lamp', shop: 'x', price: 10, _etag: etag, _attachments: 'attachments/' })
    expect(resource?._ts).toBeGreaterThan(1_600_000_000)
    expect(headers['x-ms-session-token']).toMatch(/^0:-1#\d+$/)
    expect(headers['x-ms-activity-id']).toMatch(/^[\da-f-]{36}$/)
  })

  test('an id taken within its partition key is a conflict, under another key it is free', async () => {
    await container.items.create({ id: 'taken', shop: 'x' })
    expect(await refusal(container.items.create({ id: 'taken', shop: 'x' }))).toMatchObject({ code: 409 })
    const { statusCode } = await container.items.create({ id: 'taken', shop: 'y' })
    expect(statusCode).toBe(201)
  })

  test('an unknown item is 404, also when it exists under another partition key', async () => {
    await container.items.create({ id: 'hidden', shop: 'x' })
    const { statusCode, resource } = await container.item('hidden', 'y').read()
    expect({ statusCode, resource }).toEqual({ statusCode: 404, resource: undefined })
    expect(await refusal(container.item('hidden', 'y').delete())).toMatchObject({ code: 404 })
    expect(await refusal(container.item('hidden', 'y').replace({ id: 'hidden', shop: 'y' }))).toMatchObject({
      code: 404,
    })
  })

  test('null, missing and typed partition keys are different keys', async () => {
    for (const shop of [null, undefined, 1, '1', true]) {
      const document = { id: 'typed', mark: String(shop), ...(shop !== undefined && { shop }) }
      await container.items.create(document)
    }
    const marks = []
    for (const shop of [null, undefined, 1, '1', true]) {
      const { resource } = await container.item('typed', shop).read()
      marks.push(resource?.mark)
    }
    expect(marks).toEqual(['null', 'undefined', '1', '1', 'true'])
  })

  test('ids with spaces, percent signs and other scripts are addressed as they are', async () => {
    for (const id of ['a b', '50%', 'ü', '日本', 'a+b', "it's", 'x%20y', '€&=']) {
      await container.items.create({ id, shop: 'ids' })
      const { resource } = await container.item(id, 'ids').read()
      expect(resource?.id).toBe(id)
    }
  })

  test('a read with the etag it already has is 304', async () => {
    const { etag } = await container.items.create({ id: 'seen', shop: 'x' })
    const accessCondition = { type: 'IfNoneMatch', condition: etag }
    const read = await container.item('seen', 'x').read({ accessCondition })
    expect(read.statusCode).toBe(304)
    await container.items.upsert({ id: 'seen', shop: 'x', n: 1 })
    expect((await container.item('seen', 'x').read({ accessCondition })).statusCode).toBe(200)
  })
})

describe('replace, upsert and delete', () => {
  test('upsert answers 201 for a new item and 200 for one that was there', async () => {
    expect((await container.items.upsert({ id: 'up', shop: 'x', n: 1 })).statusCode).toBe(201)
    const second = await container.items.upsert({ id: 'up', shop: 'x', n: 2 })
    expect(second.statusCode).toBe(200)
    expect(second.resource?.n).toBe(2)
  })

  test('replace keeps the resource id, changes the etag and drops what the new document lacks', async () => {
    const { resource: before } = await container.items.create({ id: 'swap', shop: 'x', old: true })
    const { resource: after } = await container.item('swap', 'x').replace({ id: 'swap', shop: 'x', n: 1 })
    expect(after?._rid).toBe(before?._rid)
    expect(after?._etag).not.toBe(before?._etag)
    expect(after).not.toHaveProperty('old')
  })

  test('a write on the condition of an etag that has passed is 412 and changes nothing', async () => {
    const { etag } = await container.items.create({ id: 'guard', shop: 'x', n: 1 })
    const accessCondition = { type: 'IfMatch', condition: etag }
    const item = container.item('guard', 'x')
    await item.replace({ id: 'guard', shop: 'x', n: 2 }, { accessCondition })
    const late = [
      item.replace({ id: 'guard', shop: 'x', n: 3 }, { accessCondition }),
      container.items.upsert({ id: 'guard', shop: 'x', n: 3 }, { accessCondition }),
      item.patch([{ op: 'incr', path: '/n', value: 1 }], { accessCondition }),
      item.delete({ accessCondition }),
    ]
    for (const refused of await Promise.all(late.map(refusal))) expect(refused).toMatchObject({ code: 412 })
    expect((await item.read()).resource).toMatchObject({ n: 2 })
  })

  test('of writers racing on one etag exactly one wins', async () => {
    const { etag } = await container.items.create({ id: 'race', shop: 'x', n: 0 })
    const options = { accessCondition: { type: 'IfMatch', condition: etag } }
    const races = Array.from({ length: 8 }, (_, n) =>
      container.item('race', 'x').replace({ id: 'race', shop: 'x', n }, options),
    )
    const outcomes = await Promise.allSettled(races)
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  test('a deleted item is gone and its id is free again', async () => {
    await container.items.create({ id: 'gone', shop: 'x' })
    expect((await container.item('gone', 'x').delete()).statusCode).toBe(204)
    expect((await container.item('gone', 'x').read()).statusCode).toBe(404)
    expect((await container.items.create({ id: 'gone', shop: 'x' })).statusCode).toBe(201)
  })
})

describe('what Azure refuses', () => {
  const replaceBy = (body: object) => container.item('kept', 'x').replace(body as { id: string })

  beforeAll(async () => {
    await container.items.create({ id: 'kept', shop: 'x' })
  })

  test('a document whose partition key is not the one of the request', async () => {
    const refused = await refusal(replaceBy({ id: 'kept', shop: 'y' }))
    expect(refused).toMatchObject({ code: 400, substatus: 1001 })
  })

  test('a document whose id is not the one of the request', async () => {
    expect(await refusal(replaceBy({ id: 'other', shop: 'x' }))).toMatchObject({ code: 400 })
  })

  test('an object as a partition key', async () => {
    const initialHeaders = { 'x-ms-documentdb-partitionkey': '[{"a":1}]' }
    expect(await refusal(container.item('kept', 'x').read({ initialHeaders }))).toMatchObject({ code: 400 })
  })

  test('an item without an id, or with characters an id must not have', async () => {
    const options = { disableAutomaticIdGeneration: true }
    expect(await refusal(container.items.create({ shop: 'x' }, options))).toMatchObject({ code: 400 })
    expect(await refusal(container.items.create({ id: 'a?b', shop: 'x' }))).toMatchObject({ code: 400 })
  })

  test('an item larger than 2 MB, by bytes and not by characters', async () => {
    const fits = 'ü'.repeat(1024 * 1024 - 500)
    expect((await container.items.create({ id: 'large', shop: 'x', fits })).statusCode).toBe(201)
    const refused = await refusal(
      container.items.create({ id: 'larger', shop: 'x', text: `${fits}${'x'.repeat(1000)}` }),
    )
    expect(refused).toMatchObject({ code: 413 })
  })

  test.each([0, -2, 1.5, 'soon'])('a time to live of %s', async ttl => {
    const refused = await refusal(container.items.create<object>({ id: 'ttl', shop: 'x', ttl }))
    expect(refused).toMatchObject({ code: 400, message: expect.stringContaining('ttl') })
  })
})

describe('patch', () => {
  const start = { id: 'p', shop: 'x', n: 1, list: ['a', 'b'], nested: { deep: 'old' } }
  const patch = (operations: object[], condition?: string) => {
    const item = container.item('p', 'x')
    return item.patch({ operations: operations as never, ...(condition !== undefined && { condition }) })
  }

  test.each([
    [[{ op: 'add', path: '/fresh', value: 1 }], { fresh: 1 }],
    [[{ op: 'set', path: '/nested/deep', value: 'new' }], { nested: { deep: 'new' } }],
    [[{ op: 'replace', path: '/n', value: 'text' }], { n: 'text' }],
    [[{ op: 'incr', path: '/n', value: -3 }], { n: -2 }],
    [[{ op: 'incr', path: '/count', value: 2 }], { count: 2 }],
    [[{ op: 'add', path: '/list/1', value: 'i' }], { list: ['a', 'i', 'b'] }],
    [[{ op: 'add', path: '/list/-', value: 'z' }], { list: ['a', 'b', 'z'] }],
    [[{ op: 'set', path: '/list/0', value: 'A' }], { list: ['A', 'b'] }],
    [[{ op: 'remove', path: '/list/0' }], { list: ['b'] }],
    [[{ op: 'move', from: '/nested/deep', path: '/moved' }], { nested: {}, moved: 'old' }],
    [
      [
        { op: 'set', path: '/n', value: 5 },
        { op: 'incr', path: '/n', value: 1 },
      ],
      { n: 6 },
    ],
  ])('%j', async (operations, expected) => {
    await container.items.upsert({ ...start })
    const { resource, statusCode } = await patch(operations)
    expect(statusCode).toBe(200)
    expect(resource).toMatchObject(expected)
  })

  test.each([
    [[{ op: 'replace', path: '/missing', value: 1 }]],
    [[{ op: 'remove', path: '/missing' }]],
    [[{ op: 'add', path: '/missing/child', value: 1 }]],
    [[{ op: 'add', path: '/list/9', value: 1 }]],
    [[{ op: 'incr', path: '/list', value: 1 }]],
    [[{ op: 'set', path: '/shop', value: 'y' }]],
    [[{ op: 'set', path: '/id', value: 'q' }]],
    [[{ op: 'set', path: '/_ts', value: 1 }]],
    [[{ op: 'move', from: '/nested', path: '/nested/in' }]],
    [[{ op: 'twist', path: '/n', value: 1 }]],
    [Array.from({ length: 11 }, () => ({ op: 'incr', path: '/n', value: 1 }))],
  ])('%j is refused and changes nothing', async operations => {
    const { resource: before } = await container.items.upsert({ ...start })
    expect(await refusal(patch([{ op: 'set', path: '/n', value: 99 }, ...operations]))).toMatchObject({ code: 400 })
    expect((await container.item('p', 'x').read()).resource).toEqual(before)
  })

  test('a patch applies only where its condition holds', async () => {
    await container.items.upsert({ ...start })
    const refused = await refusal(patch([{ op: 'incr', path: '/n', value: 1 }], 'from c where c.n > 1'))
    expect(refused).toMatchObject({ code: 412 })
    const { resource } = await patch([{ op: 'incr', path: '/n', value: 1 }], 'from c where c.n = 1')
    expect(resource).toMatchObject({ n: 2 })
  })
})

describe('charges', () => {
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
})
