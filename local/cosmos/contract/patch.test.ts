import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  patch: 'https://learn.microsoft.com/azure/cosmos-db/partial-document-update',
  faq: 'https://learn.microsoft.com/azure/cosmos-db/partial-document-update-faq',
  pointer: 'https://www.rfc-editor.org/rfc/rfc6901',
})

const start = { id: 'p', shop: 'x', n: 1, list: ['a', 'b'], nested: { deep: 'old' }, nothing: null }

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
})

afterAll(() => account.close())

function patch(operations: object[], condition?: string) {
  const item = container.item('p', 'x')
  return item.patch({ operations: operations as never, ...(condition !== undefined && { condition }) })
}

const does: [sentence: string, operations: object[], expected: object][] = [
  ['add sets a property that is not there yet', [{ op: 'add', path: '/fresh', value: 1 }], { fresh: 1 }],
  ['add replaces a property that is there', [{ op: 'add', path: '/n', value: [7] }], { n: [7] }],
  ['add inserts before an index of an array', [{ op: 'add', path: '/list/1', value: 'i' }], { list: ['a', 'i', 'b'] }],
  ['add at - appends to an array', [{ op: 'add', path: '/list/-', value: 'z' }], { list: ['a', 'b', 'z'] }],
  ['add at the length of an array appends', [{ op: 'add', path: '/list/2', value: 'z' }], { list: ['a', 'b', 'z'] }],
  ['set replaces a nested property', [{ op: 'set', path: '/nested/deep', value: 'new' }], { nested: { deep: 'new' } }],
  ['set makes a property that is not there yet', [{ op: 'set', path: '/made', value: null }], { made: null }],
  [
    'set replaces the element at an index of an array',
    [{ op: 'set', path: '/list/0', value: 'A' }],
    { list: ['A', 'b'] },
  ],
  ['replace gives a property a value of another type', [{ op: 'replace', path: '/n', value: 'text' }], { n: 'text' }],
  ['replace gives a value to a property that is null', [{ op: 'replace', path: '/nothing', value: 1 }], { nothing: 1 }],
  ['increment by a negative number takes away', [{ op: 'incr', path: '/n', value: -3 }], { n: -2 }],
  ['increment by a fraction gives a fraction', [{ op: 'incr', path: '/n', value: 0.5 }], { n: 1.5 }],
  [
    'increment gives a number that is not there yet the value',
    [{ op: 'incr', path: '/count', value: 2 }],
    { count: 2 },
  ],
  ['remove takes an element out of an array and closes the gap', [{ op: 'remove', path: '/list/0' }], { list: ['b'] }],
  [
    'move takes a value away and puts it at another path',
    [{ op: 'move', from: '/nested/deep', path: '/moved' }],
    { nested: {}, moved: 'old' },
  ],
  ['move replaces what is at its path', [{ op: 'move', from: '/n', path: '/nested/deep' }], { nested: { deep: 1 } }],
  [
    'operations are done one after the other',
    [
      { op: 'set', path: '/n', value: 5 },
      { op: 'incr', path: '/n', value: 1 },
    ],
    { n: 6 },
  ],
]
for (const [sentence, operations, expected] of does) {
  rule('patch', sentence, async () => {
    await container.items.upsert({ ...start })
    const { resource, statusCode } = await patch(operations)
    expect(statusCode).toBe(200)
    expect(resource).toMatchObject(expected)
  })
}

rule('patch', 'remove of a property leaves the others as they are', async () => {
  await container.items.upsert({ ...start })
  const { resource } = await patch([{ op: 'remove', path: '/n' }])
  const { n, ...others } = start
  expect(n).toBe(1)
  expect(resource).toMatchObject(others)
  expect(resource).not.toHaveProperty('n')
})

rule('pointer', 'a path writes / as ~1 and ~ as ~0', async () => {
  await container.items.upsert({ ...start, 'a/b': 1, 'c~d': 1 })
  const { resource } = await patch([
    { op: 'incr', path: '/a~1b', value: 1 },
    { op: 'incr', path: '/c~0d', value: 2 },
  ])
  expect(resource).toMatchObject({ 'a/b': 2, 'c~d': 3 })
})

const refuses: [sentence: string, operations: object[]][] = [
  ['replace of a property that is not there', [{ op: 'replace', path: '/missing', value: 1 }]],
  ['remove of a property that is not there', [{ op: 'remove', path: '/missing' }]],
  ['add below a property that is not there', [{ op: 'add', path: '/missing/child', value: 1 }]],
  ['add beyond the end of an array', [{ op: 'add', path: '/list/9', value: 1 }]],
  ['set beyond the end of an array', [{ op: 'set', path: '/list/9', value: 1 }]],
  ['increment of what is no number', [{ op: 'incr', path: '/list', value: 1 }]],
  ['increment by what is no number', [{ op: 'incr', path: '/n', value: 'one' }]],
  ['move of a property that is not there', [{ op: 'move', from: '/missing', path: '/n' }]],
  ['move of an object into itself', [{ op: 'move', from: '/nested', path: '/nested/in' }]],
  ['a change of the partition key', [{ op: 'set', path: '/shop', value: 'y' }]],
  ['a change of the id', [{ op: 'set', path: '/id', value: 'q' }]],
  ['a change of a property of the system', [{ op: 'set', path: '/_ts', value: 1 }]],
  ['an unknown operation', [{ op: 'twist', path: '/n', value: 1 }]],
]
for (const [what, operations] of refuses) {
  rule('patch', `${what} is refused, and nothing of the patch is done`, async () => {
    const { resource: before } = await container.items.upsert({ ...start })
    expect(await refusal(patch([{ op: 'set', path: '/n', value: 99 }, ...operations]))).toMatchObject({ code: 400 })
    expect((await container.item('p', 'x').read()).resource).toEqual(before)
  })
}

rule('faq', 'a patch has at most 10 operations', async () => {
  await container.items.upsert({ ...start })
  const operations = Array.from({ length: 11 }, () => ({ op: 'incr', path: '/n', value: 1 }))
  expect(await refusal(patch(operations))).toMatchObject({ code: 400 })
  expect((await patch(operations.slice(1))).resource).toMatchObject({ n: 11 })
})

rule('patch', 'a patch applies only where its condition holds, otherwise it is 412', async () => {
  await container.items.upsert({ ...start })
  const refused = await refusal(patch([{ op: 'incr', path: '/n', value: 1 }], 'from c where c.n > 1'))
  expect(refused).toMatchObject({ code: 412 })
  const { resource } = await patch([{ op: 'incr', path: '/n', value: 1 }], 'from c where c.n = 1')
  expect(resource).toMatchObject({ n: 2 })
})

rule('patch', 'a patch of an item that is not there is 404', async () => {
  const missing = container.item('missing', 'x').patch([{ op: 'set', path: '/n', value: 1 }])
  expect(await refusal(missing)).toMatchObject({ code: 404 })
})

rule('patch', 'a patch gives the item a new etag', async () => {
  const { etag } = await container.items.upsert({ ...start })
  expect((await patch([{ op: 'incr', path: '/n', value: 1 }])).etag).not.toBe(etag)
})
