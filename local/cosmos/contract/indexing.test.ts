import type { IndexingPolicy } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  policy: 'https://learn.microsoft.com/azure/cosmos-db/index-policy',
  manage: 'https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-manage-indexing-policy',
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
  orderBy: 'https://learn.microsoft.com/azure/cosmos-db/nosql/query/order-by',
})

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

const by = (path: string, order: 'ascending' | 'descending' = 'ascending') => ({ path, order })
const create = (indexingPolicy: IndexingPolicy) => account.container({ indexingPolicy })

rule(
  'policy',
  'a container without an index serves points and ids, anything else only as a scan that is allowed',
  async () => {
    const container = await create({ indexingMode: 'none', automatic: false })
    await container.items.create({ id: 'a', shop: 'x', n: 1 })
    expect((await container.item('a', 'x').read()).statusCode).toBe(200)
    const query = (sql: string, options = {}) =>
      container.items.query(sql, { partitionKey: 'x', ...options }).fetchAll()
    expect((await query("SELECT VALUE c.n FROM c WHERE c.id = 'a'")).resources).toEqual([1])
    expect(await refusal(query('SELECT VALUE c.id FROM c WHERE c.n = 1'))).toMatchObject({ code: 400 })
    const scanned = await query('SELECT VALUE c.id FROM c WHERE c.n = 1', { enableScanInQuery: true })
    expect(scanned.resources).toEqual(['a'])
  },
)

rule('policy', 'without an index nothing can be ordered, scan or not', async () => {
  const container = await create({ indexingMode: 'none', automatic: false })
  await container.items.create({ id: 'a', shop: 'x', n: 1 })
  const ordered = container.items.query('SELECT * FROM c ORDER BY c.n', { partitionKey: 'x', enableScanInQuery: true })
  expect(await refusal(ordered.fetchAll())).toMatchObject({ code: 400 })
})

rule('policy', 'a write without an index costs less than one that indexes every property', async () => {
  const [plain, indexed] = [await create({ indexingMode: 'none', automatic: false }), await account.container()]
  const item = { id: 'a', shop: 'x', one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8 }
  const { requestCharge } = await plain.items.create({ ...item })
  expect(requestCharge).toBeLessThan((await indexed.items.create({ ...item })).requestCharge)
})

rule('orderBy', 'ORDER BY a path that is not indexed is refused', async () => {
  const container = await create({ includedPaths: [{ path: '/*' }], excludedPaths: [{ path: '/text/*' }] })
  const ordered = container.items.query('SELECT * FROM c ORDER BY c.text', { partitionKey: 'x' })
  expect(await refusal(ordered.fetchAll())).toMatchObject({ code: 400 })
})

rule('policy', 'of an included and an excluded path the more precise one decides', async () => {
  const container = await create({
    includedPaths: [{ path: '/*' }, { path: '/blob/name/?' }],
    excludedPaths: [{ path: '/blob/*' }],
  })
  const ordered = (path: string) =>
    container.items.query(`SELECT * FROM c ORDER BY c.${path}`, { partitionKey: 'x' }).fetchAll()
  expect((await ordered('blob.name')).resources).toEqual([])
  expect(await refusal(ordered('blob.size'))).toMatchObject({ code: 400 })
})

rule('orderBy', 'ORDER BY several properties needs a composite index of their sequence', async () => {
  const container = await create({ compositeIndexes: [[by('/a'), by('/b', 'descending')]] })
  const ordered = (clause: string) =>
    container.items.query(`SELECT * FROM c ORDER BY ${clause}`, { partitionKey: 'x' }).fetchAll()
  expect((await ordered('c.a ASC, c.b DESC')).resources).toEqual([])
  expect((await ordered('c.a DESC, c.b ASC')).resources).toEqual([])
  expect(await refusal(ordered('c.a ASC, c.b ASC'))).toMatchObject({ code: 400 })
  expect(await refusal(ordered('c.b DESC, c.a ASC'))).toMatchObject({ code: 400 })
})

const refused: [page: 'policy' | 'manage' | 'limits', what: string, policy: IndexingPolicy][] = [
  ['policy', 'an unknown indexing mode', { indexingMode: 'sometimes' as never }],
  ['policy', 'paths without a rule for the root', { includedPaths: [{ path: '/a/?' }], excludedPaths: [] }],
  ['policy', 'a path that ends with neither /? nor /*', { includedPaths: [{ path: '/*' }, { path: '/a' }] }],
  [
    'manage',
    'the same path included and excluded',
    { includedPaths: [{ path: '/*' }], excludedPaths: [{ path: '/*' }] },
  ],
  ['policy', 'a composite index of one path', { compositeIndexes: [[by('/a')]] }],
  ['policy', 'a composite index path with a wildcard', { compositeIndexes: [[by('/a'), by('/b/*')]] }],
  ['policy', 'a composite index of an unknown order', { compositeIndexes: [[by('/a'), by('/b', 'upwards' as never)]] }],
  [
    'limits',
    'a composite index of more than 8 paths',
    { compositeIndexes: [Array.from({ length: 9 }, (_, n) => by(`/p${n}`))] },
  ],
  [
    'limits',
    'more than 1,500 included paths',
    { includedPaths: [{ path: '/*' }, ...Array.from({ length: 1500 }, (_, n) => ({ path: `/p${n}/?` }))] },
  ],
]
for (const [page, what, policy] of refused) {
  rule(page, `an indexing policy with ${what} is refused`, async () => {
    expect(await refusal(create(policy))).toMatchObject({ code: 400 })
  })
}

rule('manage', 'a container takes another indexing policy', async () => {
  const container = await account.container()
  const { resource } = await container.read()
  const indexingPolicy: IndexingPolicy = { includedPaths: [{ path: '/*' }], excludedPaths: [{ path: '/text/*' }] }
  await container.replace({ id: container.id, partitionKey: { paths: ['/shop'] }, ...resource, indexingPolicy })
  const { resource: after } = await container.read()
  expect(after?.indexingPolicy?.excludedPaths?.map(({ path }) => path)).toContain('/text/*')
})
