import { type Container, type FeedOptions, type JSONObject, PartitionKeyDefinitionVersion } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  partitions: 'https://learn.microsoft.com/en-us/azure/cosmos-db/partitioning-overview',
  ranges: 'https://learn.microsoft.com/en-us/rest/api/cosmos-db/get-partition-key-ranges',
  statuses: 'https://learn.microsoft.com/en-us/rest/api/cosmos-db/http-status-codes-for-cosmosdb',
  session: 'https://learn.microsoft.com/en-us/azure/cosmos-db/how-to-manage-consistency',
  unavailable: 'https://learn.microsoft.com/en-us/azure/cosmos-db/troubleshoot-not-found',
  large: 'https://learn.microsoft.com/en-us/azure/cosmos-db/large-partition-keys',
  hashing: 'Azure/azure-sdk-for-js/sdk/cosmosdb/cosmos/src/utils/hashing/hash.ts',
})

const SHOPS = Array.from({ length: 20 }, (_, n) => `shop ${n}`)

let account: AccountUnderTest
let container: Container

beforeAll(async () => {
  account = await openAccount()
  container = await account.container()
  for (const shop of SHOPS) await container.items.create({ id: 'item', shop })
})

afterAll(() => account.close())

/** A query that is sent to one range by its id. */
async function shopsIn(rangeId: string, sql = 'SELECT VALUE c.shop FROM c'): Promise<string[]> {
  const options: FeedOptions & { initialHeaders: Record<string, string> } = {
    initialHeaders: { 'x-ms-documentdb-partitionkeyrangeid': rangeId },
  }
  const iterator = container.items.query<string>(sql, options)
  const shops: string[] = []
  while (iterator.hasMoreResults()) shops.push(...((await iterator.fetchNext()).resources ?? []))
  return shops
}

async function rangeIds(): Promise<string[]> {
  const { resources } = await container.readPartitionKeyRanges().fetchAll()
  return resources.map(range => String(range.id))
}

const tokenOf = (headers: Record<string, unknown>) => {
  const [range = '', rest = ''] = String(headers['x-ms-session-token']).split(':')
  return { range, lsn: Number(rest.split('#')[1]) }
}

describe('the ranges of a container', () => {
  rule('ranges', 'cover every key, without a gap and without overlap', async () => {
    const { resources } = await container.readPartitionKeyRanges().fetchAll()
    const sorted = resources.sort((a, b) => (a.minInclusive < b.minInclusive ? -1 : 1))
    expect(sorted[0]?.minInclusive).toBe('')
    expect(sorted.at(-1)?.maxExclusive).toBe('FF')
    for (const [at, range] of sorted.entries()) {
      expect(range.minInclusive < range.maxExclusive).toBe(true)
      if (at > 0) expect(range.minInclusive).toBe(sorted[at - 1]?.maxExclusive)
    }
  })

  rule('ranges', 'each have an id of their own, an etag and a status', async () => {
    const { resources } = await container.readPartitionKeyRanges().fetchAll()
    expect(new Set(resources.map(range => range.id)).size).toBe(resources.length)
    for (const range of resources) expect(range).toMatchObject({ _etag: expect.any(String), status: 'online' })
  })

  rule('partitions', 'hold all items of a partition key in one of them', async () => {
    const [shop = ''] = SHOPS
    await container.items.upsert({ id: 'another', shop })
    const holding = []
    for (const id of await rangeIds()) {
      const found = (await shopsIn(id)).filter(each => each === shop)
      if (found.length > 0) holding.push(found.length)
    }
    await container.item('another', shop).delete()
    expect(holding).toEqual([2])
  })

  rule('partitions', 'asked one by one give every item once', async () => {
    const found = []
    for (const id of await rangeIds()) found.push(...(await shopsIn(id)))
    expect(found.sort()).toEqual([...SHOPS].sort())
  })

  rule('partitions', 'order and count what they hold by themselves when they are asked alone', async () => {
    const counts = []
    for (const id of await rangeIds()) {
      const sorted = await shopsIn(id, 'SELECT VALUE c.shop FROM c ORDER BY c.shop')
      expect(sorted).toEqual([...sorted].sort())
      const [count] = await shopsIn(id, 'SELECT VALUE COUNT(1) FROM c')
      counts.push(Number(count))
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(SHOPS.length)
  })

  rule('statuses', 'of which one is not there any more answer 410 with substatus 1002', async () => {
    expect(await refusal(shopsIn('4711'))).toMatchObject({ code: 410, substatus: 1002 })
  })
})

describe('session tokens', () => {
  rule('session', 'name the partition, and the change in it, of every write', async () => {
    const [shop = ''] = SHOPS
    const first = tokenOf((await container.items.upsert({ id: 'written', shop, n: 1 })).headers)
    const second = tokenOf((await container.items.upsert({ id: 'written', shop, n: 2 })).headers)
    const third = tokenOf((await container.item('written', shop).delete()).headers)
    expect(await rangeIds()).toContain(first.range)
    expect([second.range, third.range]).toEqual([first.range, first.range])
    expect(second.lsn).toBeGreaterThan(first.lsn)
    expect(third.lsn).toBeGreaterThan(second.lsn)
  })

  rule('session', 'of a read tell of the partition that holds the key', async () => {
    for (const shop of SHOPS) {
      const { range } = tokenOf((await container.item('item', shop).read()).headers)
      expect(await shopsIn(range)).toContain(shop)
    }
  })

  rule('session', 'given to a read let it see the write they came from', async () => {
    const [shop = ''] = SHOPS
    const { headers } = await container.items.upsert({ id: 'seen', shop })
    const sessionToken = String(headers['x-ms-session-token'])
    expect((await container.item('seen', shop).read({ sessionToken })).statusCode).toBe(200)
    await container.item('seen', shop).delete()
  })

  rule(
    'unavailable',
    'of a change that the partition has not seen answer 404, for the SDK to ask again without',
    async () => {
      const [shop = ''] = SHOPS
      const { headers } = await container.item('item', shop).read()
      const { range, lsn } = tokenOf(headers)
      const sessionToken = String(headers['x-ms-session-token'])
        .replace(`${range}:`, '')
        .replace(`#${lsn}`, `#${lsn + 1_000_000}`)
      const read = await container.item('item', shop).read({ sessionToken: `${range}:${sessionToken}` })
      const { failedAttempts } = read.diagnostics.clientSideRequestStatistics.retryDiagnostics
      expect(failedAttempts.map(attempt => attempt.statusCode)).toContain(404)
      expect(read.statusCode).toBe(200)
    },
  )
})

describe('bulk operations', () => {
  const VALUES = ['text', 'schöne Grüße 🎁', '', 'x'.repeat(90), 0, -17.25, 1e21, true, false, null]

  for (const version of [PartitionKeyDefinitionVersion.V1, PartitionKeyDefinitionVersion.V2]) {
    rule(
      'hashing',
      `reach the partition of their key by version ${version} of the hash, whatever its type`,
      async () => {
        const other = await account.container({ partitionKey: { paths: ['/key'], version } })
        const created = await other.items.bulk(
          VALUES.map(key => ({
            operationType: 'Create',
            partitionKey: key,
            resourceBody: { id: 'item', key } as JSONObject,
          })),
        )
        expect(created.map(result => result.statusCode)).toEqual(VALUES.map(() => 201))
        for (const key of VALUES.filter(each => each !== null && each !== '')) {
          expect((await other.item('item', key).read()).resource).toMatchObject({ key })
        }
        const { resources } = await other.items.query('SELECT VALUE COUNT(1) FROM c').fetchAll()
        expect(resources).toEqual([VALUES.length])
      },
    )
  }

  rule('large', 'tell keys apart that differ only after their hundredth character', async () => {
    const paths = ['/key']
    const other = await account.container({ partitionKey: { paths, version: PartitionKeyDefinitionVersion.V2 } })
    const keys = ['a', 'b'].map(end => 'x'.repeat(120) + end)
    const results = await other.items.bulk(
      keys.map(key => ({ operationType: 'Create', partitionKey: key, resourceBody: { id: 'item', key } })),
    )
    expect(results.map(result => result.statusCode)).toEqual([201, 201])
    for (const key of keys) expect((await other.item('item', key).read()).resource).toMatchObject({ key })
  })

  rule('partitions', 'answer in the order they were given, over all partitions', async () => {
    const results = await container.items.bulk(
      SHOPS.map(shop => ({ operationType: 'Read', id: 'item', partitionKey: shop })),
    )
    expect(results.map(result => result.resourceBody?.shop)).toEqual(SHOPS)
  })
})
