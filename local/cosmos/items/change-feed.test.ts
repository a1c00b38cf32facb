import { ChangeFeedStartFrom, type Container } from '@azure/cosmos'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount } from '../contract/account-under-test.ts'

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

async function readChanges(container: Container, start: ChangeFeedStartFrom) {
  const iterator = container.items.getChangeFeedIterator({ maxItemCount: 2, changeFeedStartFrom: start })
  const ids: string[] = []
  for (;;) {
    const page = await iterator.readNext()
    if (page.statusCode === 304) return { ids, continuation: page.continuationToken }
    ids.push(...page.result.map((item: { id: string }) => item.id))
  }
}

test('the change feed gives the latest version of each item in the order of the changes', async () => {
  const container = await account.container()
  for (const id of ['a', 'b', 'c']) await container.items.create({ id, shop: id === 'b' ? 'y' : 'x' })
  await container.items.upsert({ id: 'a', shop: 'x', n: 2 })
  expect((await readChanges(container, ChangeFeedStartFrom.Beginning())).ids).toEqual(['b', 'c', 'a'])
  expect((await readChanges(container, ChangeFeedStartFrom.Beginning('x'))).ids).toEqual(['c', 'a'])
})

test('the change feed goes on where its continuation ended', async () => {
  const container = await account.container()
  await container.items.create({ id: 'before', shop: 'x' })
  const first = await readChanges(container, ChangeFeedStartFrom.Beginning())
  expect((await readChanges(container, ChangeFeedStartFrom.Continuation(first.continuation))).ids).toEqual([])
  await container.items.create({ id: 'after', shop: 'x' })
  await container.items.create({ id: 'deleted', shop: 'x' })
  await container.item('deleted', 'x').delete()
  expect((await readChanges(container, ChangeFeedStartFrom.Continuation(first.continuation))).ids).toEqual(['after'])
})

test('the change feed from now begins with the changes that follow', async () => {
  const container = await account.container()
  await container.items.create({ id: 'early', shop: 'x' })
  const { continuation } = await readChanges(container, ChangeFeedStartFrom.Now())
  await container.items.create({ id: 'late', shop: 'x' })
  expect((await readChanges(container, ChangeFeedStartFrom.Continuation(continuation))).ids).toEqual(['late'])
})
