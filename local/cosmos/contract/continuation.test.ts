import type { Container, FeedOptions, Resource } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  pages: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/pagination',
  limits: 'https://learn.microsoft.com/en-us/azure/cosmos-db/concepts-limits',
  control: 'Azure/azure-sdk-for-js/sdk/cosmosdb/cosmos/src/request/FeedOptions.ts',
  unsupported: 'Azure/azure-sdk-for-js/sdk/cosmosdb/cosmos/src/queryExecutionContext/QueryValidationHelper.ts',
})

const ITEMS = Array.from({ length: 40 }, (_, at) => ({
  id: `item ${at}`,
  shop: `shop ${at % 10}`,
  n: (at * 17) % 40,
  size: at % 4,
  text: `text ${at % 3} ö'"`,
  tags: ['a', 'b', 'c'],
}))
const NUMBERS = ITEMS.map((_, n) => n)

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
  await fill(container)
})

afterAll(() => account.close())

async function fill(into: Container): Promise<void> {
  for (const item of ITEMS) await into.items.create({ ...item })
}

interface Read {
  from?: Container
  options: FeedOptions
  /** Done before each page but the first. */
  between?: () => Promise<void>
}

/** The pages of a query, each asked for by a new iterator with the continuation token of the one before. */
async function byContinuation(query: string, { from = container, options, between }: Read): Promise<unknown[][]> {
  const pages: unknown[][] = []
  let continuationToken: string | undefined
  for (;;) {
    const next = { ...options, ...(continuationToken !== undefined && { continuationToken }) }
    const page = await from.items.query(query, next).fetchNext()
    pages.push(page.resources ?? [])
    continuationToken = page.continuationToken
    if (continuationToken === undefined) return pages
    expect(pages.length).toBeLessThan(500)
    await between?.()
  }
}

const sorted = (values: unknown[]) => values.map(value => JSON.stringify(value)).sort()

describe('pages', () => {
  rule('pages', 'have at most as many rows as asked for, and together are the whole', async () => {
    const pages = await byContinuation('SELECT VALUE c.n FROM c', { options: { maxItemCount: 3 } })
    expect(sorted(pages.flat())).toEqual(sorted(NUMBERS))
    expect(Math.max(...pages.map(page => page.length))).toBe(3)
  })

  rule('pages', 'of a read of all items go on by their continuation as well', async () => {
    const found: unknown[] = []
    const iterator = container.items.readAll<{ n: number } & Resource>({ maxItemCount: 6 })
    while (iterator.hasMoreResults()) {
      const { resources } = await iterator.fetchNext()
      expect((resources ?? []).length).toBeLessThanOrEqual(6)
      found.push(...(resources ?? []).map(({ n }) => n))
    }
    expect(sorted(found)).toEqual(sorted(NUMBERS))
  })

  rule('limits', 'of large items are no larger than 4 MB', async () => {
    const large = await account.container()
    const text = 'x'.repeat(1_500_000)
    for (let at = 0; at < 5; at++) await large.items.create({ id: `${at}`, shop: 'large', text })
    const pages = await byContinuation('SELECT c.text FROM c', { from: large, options: { partitionKey: 'large' } })
    expect(pages.flat()).toHaveLength(5)
    expect(Math.max(...pages.map(page => JSON.stringify(page).length))).toBeLessThanOrEqual(4 * 1024 * 1024)
  })

  rule('pages', 'go on only by a token of their own container', async () => {
    const { continuationToken } = await container.items.query('SELECT * FROM c', { maxItemCount: 1 }).fetchNext()
    if (continuationToken === undefined) throw new Error('The page has no continuation token')
    const other = await account.container()
    for (const token of [continuationToken, '{"token":"none"}', 'nonsense']) {
      const refused = await refusal(other.items.query('SELECT * FROM c', { continuationToken: token }).fetchNext())
      expect(refused.code).toBe(400)
    }
  })
})

describe('pages within a partition key', () => {
  const shop = ITEMS[0]?.shop ?? ''
  const inShop = { partitionKey: shop, maxItemCount: 1 }

  const queries = [
    'SELECT VALUE t FROM c JOIN t IN c.tags',
    'SELECT VALUE t FROM c JOIN t IN c.tags ORDER BY c.n',
    'SELECT VALUE c.n FROM c ORDER BY c.text DESC',
    'SELECT VALUE c.n FROM c ORDER BY c.missing',
    'SELECT DISTINCT VALUE c.size FROM c',
    'SELECT DISTINCT VALUE c.text FROM c ORDER BY c.text',
    'SELECT c.size, COUNT(1) AS n FROM c GROUP BY c.size',
    'SELECT VALUE t FROM c JOIN t IN c.tags OFFSET 2 LIMIT 6',
    'SELECT VALUE c.n FROM c ORDER BY c.n DESC OFFSET 1 LIMIT 2',
    'SELECT TOP 3 VALUE c.n FROM c ORDER BY c.n',
  ]
  for (const query of queries) {
    rule('pages', `of ${query} together are the whole`, async () => {
      const whole = await container.items.query(query, { partitionKey: shop }).fetchAll()
      const pages = await byContinuation(query, { options: inShop })
      expect(pages.flat()).toEqual(whole.resources)
      expect(whole.resources.length).toBeGreaterThan(1)
      expect(Math.max(...pages.map(page => page.length))).toBe(1)
    })
  }

  rule(
    'pages',
    'of ORDER BY go on after a value: what is written before it neither repeats nor hides a row',
    async () => {
      const other = await account.container()
      for (let n = 10; n < 20; n++) await other.items.create({ id: `${n}`, shop, n })
      let written = 0
      const pages = await byContinuation('SELECT VALUE c.n FROM c ORDER BY c.n', {
        from: other,
        options: { partitionKey: shop, maxItemCount: 2 },
        between: async () => {
          await other.items.create({ id: `early ${written}`, shop, n: written })
          written += 1
        },
      })
      expect(pages.flat()).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    },
  )

  rule('pages', 'of ORDER BY go on after a value: what is deleted before it hides no row', async () => {
    const other = await account.container()
    for (let n = 0; n < 8; n++) await other.items.create({ id: `${n}`, shop, n })
    let deleted = 0
    const pages = await byContinuation('SELECT VALUE c.n FROM c ORDER BY c.n', {
      from: other,
      options: { partitionKey: shop, maxItemCount: 2 },
      between: async () => {
        await other.item(`${deleted}`, shop).delete()
        deleted += 1
      },
    })
    expect(pages.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  rule('pages', 'of ORDER BY long texts go on as well', async () => {
    const other = await account.container()
    const texts = ['a', 'b', 'c', 'd'].map(end => 'x'.repeat(20_000) + end)
    for (const [at, text] of texts.entries()) await other.items.create({ id: `${at}`, shop, text })
    const pages = await byContinuation('SELECT VALUE c.text FROM c ORDER BY c.text DESC', {
      from: other,
      options: inShop,
    })
    expect(pages.flat()).toEqual(texts.toReversed())
  })
})

describe('continuation over all partitions', () => {
  rule('control', 'of a query that is merged has no token unless query control is switched on', async () => {
    const page = await container.items.query('SELECT * FROM c ORDER BY c.n', { maxItemCount: 2 }).fetchNext()
    expect(page.resources).toHaveLength(2)
    expect(page.continuationToken).toBeUndefined()
  })

  const control = { enableQueryControl: true, maxItemCount: 3 }

  rule('control', 'by query control goes on with a plain query', async () => {
    const pages = await byContinuation('SELECT VALUE c.n FROM c', { options: control })
    expect(sorted(pages.flat())).toEqual(sorted(NUMBERS))
  })

  rule('control', 'by query control goes on with ORDER BY', async () => {
    const up = await byContinuation('SELECT VALUE c.n FROM c ORDER BY c.n', { options: control })
    expect(up.flat()).toEqual(NUMBERS)
    const down = await byContinuation('SELECT VALUE c.n FROM c ORDER BY c.n DESC', { options: control })
    expect(down.flat()).toEqual(NUMBERS.toReversed())
  })

  rule('control', 'by query control pages over the rows from an offset to a limit', async () => {
    const iterator = container.items.query('SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 5 LIMIT 20', control)
    const found: unknown[] = []
    while (iterator.hasMoreResults()) {
      const { resources } = await iterator.fetchNext()
      expect(resources.length).toBeLessThanOrEqual(3)
      found.push(...resources)
    }
    expect(found).toEqual(NUMBERS.slice(5, 25))
  })

  rule('unsupported', 'has no token of GROUP BY and of unordered DISTINCT, and takes none', async () => {
    const { continuationToken } = await container.items.query('SELECT * FROM c ORDER BY c.n', control).fetchNext()
    if (continuationToken === undefined) throw new Error('The page has no continuation token')
    for (const query of ['SELECT DISTINCT VALUE c.size FROM c', 'SELECT c.size FROM c GROUP BY c.size']) {
      expect((await container.items.query(query, control).fetchNext()).continuationToken).toBeUndefined()
      const resumed = container.items.query(query, { ...control, continuationToken }).fetchNext()
      await expect(resumed).rejects.toThrow('Continuation tokens are not supported')
    }
  })
})
