import { type ChangeFeedIteratorOptions, ChangeFeedMode, ChangeFeedStartFrom, type Container } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount } from './account-under-test.ts'

const rule = contract({
  pull: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/change-feed-pull-model',
  modes: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/change-feed-modes',
  feed: 'https://learn.microsoft.com/en-us/azure/cosmos-db/change-feed',
  rest: 'https://learn.microsoft.com/en-us/rest/api/cosmos-db/list-documents',
})

let account: AccountUnderTest
const SHOPS = Array.from({ length: 12 }, (_, n) => `shop ${n}`)

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

interface Change {
  id: string
  shop: string
  n?: number
  _lsn: number
}

/** All pages until there is nothing new. */
async function read(container: Container, start: ChangeFeedStartFrom, options: ChangeFeedIteratorOptions = {}) {
  const changes = { maxItemCount: 3, ...options, changeFeedStartFrom: start }
  const iterator = container.items.getChangeFeedIterator<Change>(changes)
  const pages = []
  for (;;) {
    const page = await iterator.readNext()
    if (page.statusCode === 304) {
      return { pages, items: pages.flatMap(each => each.result), continuation: page.continuationToken }
    }
    pages.push(page)
  }
}

async function filled(): Promise<Container> {
  const container = await account.container()
  for (const shop of SHOPS) {
    for (const id of ['a', 'b']) await container.items.create({ id, shop, n: 1 })
  }
  return container
}

const namesOf = (items: { id: string; shop: string }[]) => items.map(({ id, shop }) => `${shop} ${id}`).sort()
const ALL = SHOPS.flatMap(shop => [`${shop} a`, `${shop} b`]).sort()

describe('the change feed of a container', () => {
  rule('pull', 'gives every item of every partition from the beginning, each once', async () => {
    const { items } = await read(await filled(), ChangeFeedStartFrom.Beginning())
    expect(namesOf(items)).toEqual(ALL)
  })

  rule('feed', 'gives the changes of a partition key in the order they were made', async () => {
    const container = await filled()
    for (const shop of SHOPS) await container.items.upsert({ id: 'a', shop, n: 2 })
    const { items } = await read(container, ChangeFeedStartFrom.Beginning())
    for (const shop of SHOPS) expect(items.filter(item => item.shop === shop).map(({ id }) => id)).toEqual(['b', 'a'])
  })

  rule('modes', 'gives the latest version of an item alone, however often it changed', async () => {
    const container = await account.container()
    for (let n = 1; n <= 5; n++) await container.items.upsert({ id: 'a', shop: 'shop', n })
    const { items } = await read(container, ChangeFeedStartFrom.Beginning())
    expect(items).toMatchObject([{ id: 'a', n: 5 }])
  })

  rule('modes', 'does not show what was deleted', async () => {
    const container = await filled()
    for (const shop of SHOPS) await container.item('b', shop).delete()
    const { items } = await read(container, ChangeFeedStartFrom.Beginning())
    expect(namesOf(items)).toEqual(ALL.filter(name => name.endsWith('a')))
  })

  rule('pull', 'goes on over all partitions from where its continuation ended', async () => {
    const container = await filled()
    const { continuation } = await read(container, ChangeFeedStartFrom.Beginning())
    const nothing = await read(container, ChangeFeedStartFrom.Continuation(continuation))
    expect(nothing.items).toEqual([])
    for (const shop of SHOPS) await container.items.create({ id: 'c', shop })
    const more = await read(container, ChangeFeedStartFrom.Continuation(nothing.continuation))
    expect(namesOf(more.items)).toEqual(SHOPS.map(shop => `${shop} c`).sort())
  })

  rule('pull', 'goes on from a continuation in the middle without losing or repeating a change', async () => {
    const container = await filled()
    const found: { id: string; shop: string }[] = []
    let start = ChangeFeedStartFrom.Beginning()
    for (;;) {
      const iterator = container.items.getChangeFeedIterator<Change>({ maxItemCount: 5, changeFeedStartFrom: start })
      const page = await iterator.readNext()
      if (page.statusCode === 304) break
      found.push(...page.result)
      start = ChangeFeedStartFrom.Continuation(page.continuationToken)
    }
    expect(namesOf(found)).toEqual(ALL)
  })

  rule('pull', 'from now begins with the changes that follow', async () => {
    const container = await filled()
    const { items, continuation } = await read(container, ChangeFeedStartFrom.Now())
    expect(items).toEqual([])
    await container.items.create({ id: 'late', shop: 'shop' })
    const later = await read(container, ChangeFeedStartFrom.Continuation(continuation))
    expect(later.items.map(({ id }) => id)).toEqual(['late'])
  })

  rule('pull', 'from a point in time begins with what was changed at that time or later', async () => {
    const container = await account.container()
    const { resource: early } = await container.items.create({ id: 'early', shop: SHOPS[0] ?? '' })
    const afterwards = async () => {
      const { resource: late } = await container.items.upsert<object>({ id: 'late', shop: SHOPS[1] })
      expect(late?._ts).toBeGreaterThan((early?._ts ?? 0) + 1)
      return new Date((late?._ts ?? 0) * 1000)
    }
    const time = await vi.waitFor(afterwards, { timeout: 10_000, interval: 200 })
    const { items } = await read(container, ChangeFeedStartFrom.Time(time))
    expect(items.map(({ id }) => id)).toEqual(['late'])
  })

  rule(
    'pull',
    'has pages of at most as many items as asked for, and answers 304 when there is nothing new',
    async () => {
      const container = await filled()
      const { pages } = await read(container, ChangeFeedStartFrom.Beginning(), { maxItemCount: 2 })
      expect(Math.max(...pages.map(page => page.count))).toBe(2)
      expect(pages.every(page => page.statusCode === 200)).toBe(true)
    },
  )

  rule('modes', 'of all versions and deletes is refused where it is not switched on', async () => {
    const container = await account.container()
    const options = { changeFeedMode: ChangeFeedMode.AllVersionsAndDeletes }
    await expect(read(container, ChangeFeedStartFrom.Now(), options)).rejects.toMatchObject({ code: 400 })
  })
})

describe('the change feed of a part of a container', () => {
  rule('pull', 'by feed ranges gives each item in one range', async () => {
    const container = await filled()
    const found: { id: string; shop: string }[] = []
    for (const range of await container.getFeedRanges()) {
      found.push(...(await read(container, ChangeFeedStartFrom.Beginning(range))).items)
    }
    expect(namesOf(found)).toEqual(ALL)
  })

  rule('pull', 'by feed range goes on from its own continuation', async () => {
    const container = await filled()
    const feeds = []
    for (const range of await container.getFeedRanges()) {
      feeds.push(await read(container, ChangeFeedStartFrom.Beginning(range)))
    }
    const feed = feeds.find(({ items }) => items.length > 0)
    if (!feed) throw new Error('No feed range has items')
    const { items, continuation } = feed
    for (const shop of SHOPS) await container.items.create({ id: 'c', shop })
    const more = await read(container, ChangeFeedStartFrom.Continuation(continuation))
    const shops = new Set(items.map(({ shop }) => shop))
    expect(namesOf(more.items)).toEqual([...shops].map(shop => `${shop} c`).sort())
  })

  rule('pull', 'by partition key gives the changes of this key alone', async () => {
    const container = await filled()
    const [shop = ''] = SHOPS
    const { items, continuation } = await read(container, ChangeFeedStartFrom.Beginning(shop))
    expect(items.map(item => [item.shop, item.id])).toEqual([
      [shop, 'a'],
      [shop, 'b'],
    ])
    for (const each of SHOPS) await container.items.upsert({ id: 'b', shop: each, n: 7 })
    const more = await read(container, ChangeFeedStartFrom.Continuation(continuation))
    expect(more.items).toMatchObject([{ id: 'b', shop, n: 7 }])
  })

  rule('rest', 'numbers the changes of a partition upwards', async () => {
    const container = await filled()
    for (const range of await container.getFeedRanges()) {
      const { items } = await read(container, ChangeFeedStartFrom.Beginning(range))
      const numbers = items.map(item => item._lsn)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    }
  })
})
