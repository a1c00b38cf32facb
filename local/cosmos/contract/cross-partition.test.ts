import type { Container, FeedOptions, SqlQuerySpec } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  order: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/order-by',
  limits: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/offset-limit',
  select: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/select',
  distinct: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/distinct',
  groups: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/group-by',
  aggregates: 'https://learn.microsoft.com/en-us/azure/cosmos-db/nosql/query/aggregate-functions',
  container: 'https://learn.microsoft.com/en-us/azure/cosmos-db/how-to-query-container',
  rest: 'https://learn.microsoft.com/en-us/rest/api/cosmos-db/querying-cosmosdb-resources-using-the-rest-api',
  composition: 'Azure/azure-cosmos-dotnet-v3/issues/1099',
  mixed: 'Azure/azure-sdk-for-js/sdk/cosmosdb/cosmos/src/queryExecutionContext/orderByDocumentProducerComparator.ts',
})

const shopOf = (n: number) => `shop ${n % 15}`

/** 60 items of 15 partition keys: `n` is different for each, `group` and `size` repeat over all keys. */
const ITEMS = Array.from({ length: 60 }, (_, at) => {
  const n = (at * 37) % 60
  return { id: `item ${at}`, shop: shopOf(at), n, group: `g${n % 4}`, size: n % 7, tags: [`t${n % 3}`, `t${n % 5}`] }
})
const NUMBERS = ITEMS.map((_, n) => n)

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  const composite = [
    { path: '/group', order: 'ascending' as const },
    { path: '/n', order: 'descending' as const },
  ]
  container = await account.container({ indexingPolicy: { compositeIndexes: [composite] } })
  const operations = ITEMS.map(item => ({
    operationType: 'Create' as const,
    partitionKey: item.shop,
    resourceBody: { ...item },
  }))
  await container.items.bulk(operations)
})

afterAll(() => account.close())

async function rows(query: string | SqlQuerySpec, options?: FeedOptions): Promise<unknown[]> {
  return (await container.items.query(query, options).fetchAll()).resources
}

const sorted = (values: unknown[]) => values.map(value => JSON.stringify(value)).sort()

describe('rows of all partitions', () => {
  rule('container', 'are all there, each once', async () => {
    expect(sorted(await rows('SELECT VALUE c.n FROM c'))).toEqual(sorted(NUMBERS))
  })

  rule('order', 'come in the order of a property', async () => {
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n')).toEqual(NUMBERS)
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n DESC')).toEqual(NUMBERS.toReversed())
  })

  rule('order', 'come in the order of two properties that a composite index has', async () => {
    const expected = ITEMS.toSorted((a, b) => a.group.localeCompare(b.group) || b.n - a.n).map(({ n }) => n)
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.group, c.n DESC')).toEqual(expected)
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.group DESC, c.n ASC')).toEqual(expected.toReversed())
  })

  rule('order', 'keep what is selected apart from what they are ordered by', async () => {
    const [first] = await rows('SELECT c.id, c.size AS s FROM c WHERE c.n > 10 ORDER BY c.n')
    const item = ITEMS.find(({ n }) => n === 11)
    expect(first).toEqual({ id: item?.id, s: item?.size })
  })

  rule('order', 'leave out what SELECT VALUE has no value for', async () => {
    expect(await rows('SELECT VALUE c.missing FROM c ORDER BY c.n')).toEqual([])
  })

  rule('select', 'are no more than TOP asks for, and the first of the order', async () => {
    expect(await rows('SELECT TOP 5 VALUE c.n FROM c ORDER BY c.n DESC')).toEqual([59, 58, 57, 56, 55])
    expect(await rows('SELECT TOP 7 VALUE c.n FROM c')).toHaveLength(7)
    const parameters = [{ name: '@top', value: 3 }]
    expect(await rows({ query: 'SELECT TOP @top VALUE c.n FROM c ORDER BY c.n', parameters })).toEqual([0, 1, 2])
  })

  rule('limits', 'are those from OFFSET on, as many as LIMIT asks for', async () => {
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 20 LIMIT 5')).toEqual([20, 21, 22, 23, 24])
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 58 LIMIT 5')).toEqual([58, 59])
    expect(await rows('SELECT VALUE c.n FROM c OFFSET 50 LIMIT 100')).toHaveLength(10)
    expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 0 LIMIT 0')).toEqual([])
  })

  rule('distinct', 'are given once by DISTINCT, whatever partitions they are in', async () => {
    expect(sorted(await rows('SELECT DISTINCT VALUE c.group FROM c'))).toEqual(sorted(['g0', 'g1', 'g2', 'g3']))
    expect(await rows('SELECT DISTINCT c.group, c.size FROM c')).toHaveLength(28)
    expect(await rows('SELECT DISTINCT VALUE c.group FROM c ORDER BY c.group')).toEqual(['g0', 'g1', 'g2', 'g3'])
    expect(await rows('SELECT DISTINCT TOP 3 VALUE c.group FROM c')).toHaveLength(3)
    expect(await rows('SELECT DISTINCT VALUE c.group FROM c OFFSET 1 LIMIT 2')).toHaveLength(2)
  })

  rule('container', 'of joins within items are those of all partitions', async () => {
    const query = "SELECT VALUE c.n FROM c JOIN t IN c.tags WHERE t = 't4' ORDER BY c.n"
    expect(await rows(query)).toEqual(NUMBERS.filter(n => n % 5 === 4))
  })

  rule('container', 'filtered by partition keys are those of these keys', async () => {
    const of = (...shops: string[]) => ITEMS.filter(({ shop }) => shops.includes(shop)).map(({ n }) => n)
    expect(sorted(await rows(`SELECT VALUE c.n FROM c WHERE c.shop = '${shopOf(3)}'`))).toEqual(sorted(of(shopOf(3))))
    const two = `SELECT VALUE c.n FROM c WHERE c.shop IN ('${shopOf(3)}', '${shopOf(4)}') ORDER BY c.n`
    expect(await rows(two)).toEqual(of(shopOf(3), shopOf(4)).sort((a, b) => a - b))
    expect(await rows(`SELECT VALUE COUNT(1) FROM c WHERE c.shop = '${shopOf(3)}'`)).toEqual([4])
  })
})

describe('aggregates over all partitions', () => {
  const total = NUMBERS.reduce((sum, n) => sum + n, 0)

  rule('aggregates', 'COUNT, SUM, MIN and MAX take in every partition', async () => {
    expect(await rows('SELECT VALUE COUNT(1) FROM c')).toEqual([60])
    expect(await rows('SELECT VALUE SUM(c.n) FROM c')).toEqual([total])
    expect(await rows('SELECT VALUE MIN(c.n) FROM c WHERE c.n > 12')).toEqual([13])
    expect(await rows('SELECT VALUE MAX(c.group) FROM c')).toEqual(['g3'])
  })

  rule('aggregates', 'AVG weighs a partition by its items', async () => {
    expect(await rows('SELECT VALUE AVG(c.n) FROM c')).toEqual([total / 60])
    const few = NUMBERS.filter(n => n < 5)
    expect(await rows('SELECT VALUE AVG(c.n) FROM c WHERE c.n < 5')).toEqual([few.reduce((a, b) => a + b) / 5])
  })

  rule('aggregates', 'of nothing COUNT is 0 and AVG, MIN and MAX have no value', async () => {
    expect(await rows('SELECT VALUE COUNT(1) FROM c WHERE c.n > 100')).toEqual([0])
    for (const name of ['AVG', 'MIN', 'MAX']) {
      expect(await rows(`SELECT VALUE ${name}(c.n) FROM c WHERE c.n > 100`)).toEqual([])
    }
  })

  rule('aggregates', 'several of them beside each other make one row', async () => {
    expect(await rows('SELECT COUNT(1) AS n, MAX(c.n) AS most FROM c')).toEqual([{ n: 60, most: 59 }])
    expect(await rows('SELECT COUNT(1) FROM c')).toEqual([{ $1: 60 }])
  })

  rule('groups', 'GROUP BY brings the groups of all partitions together', async () => {
    const found = await rows(
      'SELECT c.group, COUNT(1) AS n, SUM(c.n) AS sum, AVG(c.n) AS avg, MIN(c.n) AS least FROM c GROUP BY c.group',
    )
    const expected = [0, 1, 2, 3].map(group => {
      const of = NUMBERS.filter(n => n % 4 === group)
      const sum = of.reduce((a, b) => a + b)
      return { group: `g${group}`, n: 15, sum, avg: sum / 15, least: group }
    })
    expect(sorted(found)).toEqual(sorted(expected))
  })

  rule('groups', 'GROUP BY goes by several expressions, with VALUE, and with a range of groups', async () => {
    expect(await rows('SELECT c.group, c.size FROM c GROUP BY c.group, c.size')).toHaveLength(28)
    expect(sorted(await rows('SELECT VALUE c.size FROM c GROUP BY c.size'))).toEqual(sorted([0, 1, 2, 3, 4, 5, 6]))
    expect(await rows('SELECT VALUE COUNT(1) FROM c GROUP BY c.group')).toEqual([15, 15, 15, 15])
    expect(await rows('SELECT c.size FROM c GROUP BY c.size OFFSET 2 LIMIT 3')).toHaveLength(3)
  })
})

describe('ways to run a query over all partitions', () => {
  rule('container', 'by any degree of parallelism, buffered or not, give the same', async () => {
    for (const maxDegreeOfParallelism of [1, 2, -1, 50]) {
      for (const bufferItems of [true, false]) {
        const options = { maxDegreeOfParallelism, bufferItems, maxItemCount: 7 }
        expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n', options)).toEqual(NUMBERS)
        expect(await rows('SELECT VALUE COUNT(1) FROM c', options)).toEqual([60])
      }
    }
  })

  rule('container', 'by pages and by an async iterator give the same as all at once', async () => {
    const iterator = container.items.query('SELECT VALUE c.n FROM c ORDER BY c.n', { maxItemCount: 8 })
    const paged: unknown[] = []
    while (iterator.hasMoreResults()) {
      const { resources } = await iterator.fetchNext()
      expect((resources ?? []).length).toBeLessThanOrEqual(8)
      paged.push(...(resources ?? []))
    }
    expect(paged).toEqual(NUMBERS)
    const iterated: unknown[] = []
    const pages = container.items.query('SELECT VALUE c.n FROM c ORDER BY c.n', { maxItemCount: 8 })
    for await (const { resources } of pages.getAsyncIterator()) iterated.push(...resources)
    expect(iterated).toEqual(NUMBERS)
  })

  rule('rest', 'by a plan asked for beforehand give the same', async () => {
    for (const options of [{ forceQueryPlan: true }, { enableQueryControl: true, maxItemCount: 100 }]) {
      expect(sorted(await rows('SELECT VALUE c.n FROM c', options))).toEqual(sorted(NUMBERS))
      expect(await rows('SELECT VALUE c.n FROM c ORDER BY c.n DESC', options)).toEqual(NUMBERS.toReversed())
      expect(await rows('SELECT VALUE COUNT(1) FROM c', options)).toEqual([60])
      expect(await rows('SELECT c.group FROM c GROUP BY c.group', options)).toHaveLength(4)
    }
  })

  rule('container', 'charge what the partitions charge together', async () => {
    const one = await container.items.query('SELECT * FROM c', { partitionKey: shopOf(1) }).fetchAll()
    const all = await container.items.query('SELECT * FROM c ORDER BY c.n').fetchAll()
    expect(all.requestCharge).toBeGreaterThan(one.requestCharge)
  })
})

describe('a query over all partitions is refused', () => {
  const disabled = {
    initialHeaders: { 'x-ms-documentdb-query-enablecrosspartition': 'false' },
  } as FeedOptions

  rule('rest', 'when the request does not enable it, unless a partition key is all it asks for', async () => {
    const refused = await refusal(rows('SELECT * FROM c', disabled))
    expect(refused.code).toBe(400)
    expect(refused.message).toContain('Cross partition query is required but disabled')
    expect(await rows(`SELECT VALUE c.id FROM c WHERE c.shop = '${shopOf(2)}'`, disabled)).toHaveLength(4)
  })

  rule('groups', 'with ORDER BY beside GROUP BY', async () => {
    const refused = await refusal(rows('SELECT c.group FROM c GROUP BY c.group ORDER BY c.group'))
    expect(refused.code).toBe(400)
  })

  rule('groups', 'for a property that is neither grouped by nor aggregated', async () => {
    const refused = await refusal(rows('SELECT c.size, COUNT(1) AS n FROM c GROUP BY c.group'))
    expect(refused).toMatchObject({ code: 400, message: expect.stringContaining('GROUP BY clause') })
    expect(await refusal(rows('SELECT c.size, COUNT(1) AS n FROM c'))).toMatchObject({ code: 400 })
  })

  rule('composition', 'for an aggregate within another expression', async () => {
    for (const query of ['SELECT VALUE COUNT(1) + 1 FROM c', 'SELECT VALUE {n: COUNT(1)} FROM c']) {
      expect(await refusal(rows(query))).toMatchObject({ code: 400 })
    }
  })

  rule('order', 'for an order of two properties without a composite index', async () => {
    expect(await refusal(rows('SELECT * FROM c ORDER BY c.size, c.n'))).toMatchObject({ code: 400 })
  })

  rule('mixed', 'by the SDK, for an order by values of several types', async () => {
    const other = await account.container()
    for (let at = 0; at < 30; at++) {
      await other.items.create<object>({ id: 'item', shop: shopOf(at) + at, value: at % 2 === 0 ? at : `${at}` })
    }
    const ranges = await other.getFeedRanges()
    const query = other.items.query('SELECT VALUE c.value FROM c ORDER BY c.value').fetchAll()
    if (ranges.length === 1) expect((await query).resources).toHaveLength(30)
    else await expect(query).rejects.toThrow('Cannot execute cross partition order-by queries on mixed types')
  })
})
