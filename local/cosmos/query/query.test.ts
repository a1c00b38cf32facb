import type { Container, FeedOptions } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount, refusal } from '../contract/account-under-test.ts'
import { type Rows, sqlShop } from '../contract/sql-shop.ts'

let account: AccountUnderTest
let container: Container
let rows: Rows

beforeAll(async () => {
  account = await openAccount()
  ;({ container, rows } = await sqlShop(account))
})

afterAll(() => account.close())

describe('what Azure refuses', () => {
  test('an aggregate without VALUE over all partitions, which the SDK cannot merge', async () => {
    await expect(rows('SELECT COUNT(1) AS n FROM c')).rejects.toThrow('must use the VALUE keyword')
    expect(await refusal(rows('SELECT VALUE {n: COUNT(1)} FROM c'))).toMatchObject({ code: 400 })
    expect(await rows('SELECT COUNT(1) AS n FROM c', { partitionKey: 'x' })).toEqual([{ n: 2 }])
  })

  test('a query over all partitions when the request does not enable it', async () => {
    const initialHeaders = { 'x-ms-documentdb-query-enablecrosspartition': 'false' }
    const refused = await refusal(rows('SELECT * FROM c', { initialHeaders } as FeedOptions))
    expect(refused.message).toContain('Cross partition query is required but disabled')
    const allowed = await rows("SELECT VALUE c.id FROM c WHERE c.shop = 'z'", { initialHeaders } as FeedOptions)
    expect(allowed).toEqual(['e'])
  })
})

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

describe('pages', () => {
  const inPages = async (query: string, options: FeedOptions): Promise<unknown[][]> => {
    const iterator = container.items.query(query, { maxItemCount: 2, ...options })
    const pages: unknown[][] = []
    while (iterator.hasMoreResults()) pages.push((await iterator.fetchNext()).resources ?? [])
    return pages
  }

  const byContinuation = async (query: string, options: FeedOptions): Promise<unknown[][]> => {
    const pages: unknown[][] = []
    let continuationToken: string | undefined
    do {
      const from = { maxItemCount: 2, ...options, ...(continuationToken !== undefined && { continuationToken }) }
      const page = await container.items.query(query, from).fetchNext()
      pages.push(page.resources)
      continuationToken = page.continuationToken
    } while (continuationToken !== undefined)
    return pages
  }

  test.each([
    'SELECT VALUE c.id FROM c',
    'SELECT VALUE c.id FROM c ORDER BY c.name',
    'SELECT DISTINCT VALUE c.price FROM c',
    'SELECT c.price, COUNT(1) AS n FROM c GROUP BY c.price',
    'SELECT c.id, t FROM c JOIN t IN c.tags',
    'SELECT TOP 4 VALUE c.id FROM c',
    'SELECT VALUE c.id FROM c OFFSET 1 LIMIT 3',
  ])('%s comes in pages that together are the whole', async query => {
    const whole = await rows(query)
    const pages = await inPages(query, {})
    expect(pages.flat()).toEqual(whole)
    expect(whole.length).toBeGreaterThan(2)
    expect(Math.max(...pages.map(page => page.length))).toBe(2)
  })

  test.each([
    'SELECT VALUE n FROM c JOIN n IN c.tags',
    'SELECT VALUE n FROM c JOIN n IN c.tags ORDER BY c.name',
    'SELECT DISTINCT VALUE n FROM c JOIN n IN c.tags',
    'SELECT VALUE n FROM c JOIN n IN c.tags OFFSET 1 LIMIT 5',
  ])('%s goes on from a continuation token within a partition', async query => {
    const pages = await byContinuation(query, { partitionKey: 'x', maxItemCount: 1 })
    expect(pages.flat()).toEqual(await rows(query, { partitionKey: 'x' }))
    expect(pages.length).toBeGreaterThan(1)
  })

  test('over all partitions only a query without anything to merge has a continuation token', async () => {
    expect(await byContinuation('SELECT VALUE c.id FROM c', {})).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(await byContinuation('SELECT VALUE c.id FROM c ORDER BY c.id', {})).toEqual([['a', 'b']])
  })

  test('a continuation token of nowhere is refused', async () => {
    const refused = await refusal(rows('SELECT * FROM c', { continuationToken: '{"token":"other"}' }))
    expect(refused).toMatchObject({ code: 400, message: expect.stringContaining('Invalid Continuation Token') })
  })

  test('the SDK works by a query plan too', async () => {
    for (const options of [{ forceQueryPlan: true }, { enableQueryControl: true, maxItemCount: 2 }]) {
      expect(await rows('SELECT VALUE c.id FROM c ORDER BY c.id DESC', options)).toEqual(['e', 'd', 'c', 'b', 'a'])
      expect(await rows('SELECT VALUE COUNT(1) FROM c', options)).toEqual([5])
    }
  })
})
