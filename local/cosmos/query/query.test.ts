import type { Container, FeedOptions, JSONValue, SqlQuerySpec } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount, refusal } from '../contract/account-under-test.ts'

let account: AccountUnderTest
let container: Container

const DOCUMENTS = [
  { id: 'a', shop: 'x', name: 'Lamp', price: 10, tags: ['home', 'light'], parts: [{ n: 1 }, { n: 2 }], on: true },
  { id: 'b', shop: 'x', name: 'Desk', price: 200, tags: ['home'], nested: { depth: { value: 5 } }, on: false },
  { id: 'c', shop: 'y', name: 'lamp shade', price: 10, tags: [], none: null, on: true },
  { id: 'd', shop: 'y', name: 'Chair', price: '10', tags: ['home', 'seat'] },
  { id: 'e', shop: 'z', name: 'Door_1' },
]

beforeAll(async () => {
  account = await openAccount()
  const composite = [
    { path: '/shop', order: 'ascending' as const },
    { path: '/price', order: 'descending' as const },
  ]
  container = await account.container({ indexingPolicy: { compositeIndexes: [composite] } })
  for (const document of DOCUMENTS) await container.items.create({ ...document })
})

afterAll(() => account.close())

async function rows(query: string | SqlQuerySpec, options?: FeedOptions): Promise<unknown[]> {
  const { resources } = await container.items.query(query, options).fetchAll()
  return resources
}

const ids = (where: string, options?: FeedOptions) => rows(`SELECT VALUE c.id FROM c WHERE ${where}`, options)

describe('projections', () => {
  test('SELECT * gives whole documents with their system properties', async () => {
    const [document] = await rows("SELECT * FROM c WHERE c.id = 'b'")
    expect(document).toMatchObject({ ...DOCUMENTS[1], _rid: expect.any(String), _etag: expect.any(String) })
  })

  test.each([
    ["SELECT c.name, c.price AS cost FROM c WHERE c.id = 'a'", [{ name: 'Lamp', cost: 10 }]],
    ["SELECT c.name, c.missing FROM c WHERE c.id = 'a'", [{ name: 'Lamp' }]],
    ["SELECT VALUE c.missing FROM c WHERE c.id = 'a'", []],
    [
      "SELECT VALUE {n: c.name, \"l\": [c.price, c.missing, 'k']} FROM c WHERE c.id = 'a'",
      [{ n: 'Lamp', l: [10, 'k'] }],
    ],
    ["SELECT c.price * 2, c['name'] FROM c WHERE c.id = 'a'", [{ $1: 20, name: 'Lamp' }]],
    ["SELECT VALUE c.nested.depth['value'] FROM c WHERE c.id = 'b'", [5]],
    ["SELECT VALUE c.tags[1] FROM c WHERE c.id = 'a'", ['light']],
    ["SELECT VALUE root.name FROM root WHERE root.id = 'a'", ['Lamp']],
    ["SELECT VALUE c.on ? 'yes' : 'no' FROM c WHERE c.shop = 'x' ORDER BY c.id", ['yes', 'no']],
    ["SELECT VALUE c.none ?? 'kept' FROM c WHERE c.id = 'c'", [null]],
    ["SELECT VALUE c.none ?? 'other' FROM c WHERE c.id = 'a'", ['other']],
    ['SELECT VALUE 1', [1]],
    ["SELECT VALUE 1 + 2 * 3 - -1 FROM c WHERE c.id = 'a'", [8]],
    ['SELECT VALUE "a\\"b\\u0041" FROM c WHERE c.id = \'a\'', ['a"bA']],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected)
  })
})

describe('filters', () => {
  test.each([
    ['c.price = 10', ['a', 'c']],
    ["c.price = '10'", ['d']],
    ['c.price != 10', ['b', 'd']],
    ['c.price > 10', ['b']],
    ['c.price >= 10 AND c.price <= 200', ['a', 'b', 'c']],
    ["c.name < 'D'", ['d']],
    ['c.on', ['a', 'c']],
    ['NOT c.on', ['b']],
    ['NOT (c.missing = 1)', []],
    ['c.missing = 1 OR c.on', ['a', 'c']],
    ['c.missing = null', []],
    ['c.none = null', ['c']],
    ['c.price BETWEEN 10 AND 20', ['a', 'c']],
    ['c.price NOT BETWEEN 10 AND 20', ['b']],
    ["c.id IN ('a', 'e', 'q')", ['a', 'e']],
    ["c.id NOT IN ('a', 'e')", ['b', 'c', 'd']],
    ["c.name LIKE 'Lamp%'", ['a']],
    ["c.name LIKE '%am_'", ['a']],
    ["c.name LIKE '%![_]%' ESCAPE '!'", []],
    ["c.name LIKE '%!_1' ESCAPE '!'", ['e']],
    ["c.name LIKE '[DC]%'", ['b', 'd', 'e']],
    ['c.tags = []', ['c']],
    ["c.nested = {depth: {'value': 5}}", ['b']],
    ['IS_DEFINED(c.price) = false', ['e']],
    ['IS_NULL(c.none)', ['c']],
    ['IS_STRING(c.price)', ['d']],
    ['IS_NUMBER(c.price) AND IS_BOOL(c.on) AND IS_ARRAY(c.tags)', ['a', 'b', 'c']],
    ['IS_OBJECT(c.nested)', ['b']],
    ["ARRAY_CONTAINS(c.tags, 'seat')", ['d']],
    ['ARRAY_CONTAINS(c.parts, {n: 2}, true)', ['a']],
    ['ARRAY_LENGTH(c.tags) = 2', ['a', 'd']],
    ["CONTAINS(c.name, 'amp')", ['a', 'c']],
    ["CONTAINS(c.name, 'LAMP', true)", ['a', 'c']],
    ["STARTSWITH(c.name, 'D') OR ENDSWITH(c.name, 'shade')", ['b', 'c', 'e']],
    ["EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = 'light')", ['a']],
  ])('%s', async (where, expected) => {
    expect(await ids(where)).toEqual(expected)
  })

  test('parameters take values of any type', async () => {
    const parameters = [
      { name: '@id', value: 'b' },
      { name: '@tags', value: ['home'] as JSONValue },
    ]
    expect(await rows({ query: 'SELECT VALUE c.id FROM c WHERE c.id = @id AND c.tags = @tags', parameters })).toEqual([
      'b',
    ])
  })
})

describe('order, aggregates and joins', () => {
  test.each([
    ['SELECT VALUE c.id FROM c ORDER BY c.price', ['e', 'a', 'c', 'b', 'd']],
    ['SELECT VALUE c.id FROM c ORDER BY c.name DESC', ['c', 'a', 'e', 'b', 'd']],
    ['SELECT VALUE c.id FROM c ORDER BY c.shop ASC, c.price DESC', ['b', 'a', 'd', 'c', 'e']],
    ['SELECT VALUE c.id FROM c ORDER BY c.shop DESC, c.price', ['e', 'c', 'd', 'a', 'b']],
    ['SELECT TOP 2 VALUE c.id FROM c ORDER BY c.id DESC', ['e', 'd']],
    ['SELECT VALUE c.id FROM c ORDER BY c.id OFFSET 1 LIMIT 2', ['b', 'c']],
    ['SELECT VALUE c.id FROM c OFFSET 3 LIMIT 10', ['d', 'e']],
    ['SELECT DISTINCT VALUE c.shop FROM c', ['x', 'y', 'z']],
    ['SELECT DISTINCT c.price FROM c WHERE IS_NUMBER(c.price)', [{ price: 10 }, { price: 200 }]],
    ['SELECT VALUE COUNT(1) FROM c', [5]],
    ['SELECT VALUE COUNT(c.price) FROM c', [4]],
    ["SELECT VALUE SUM(c.price) FROM c WHERE c.shop = 'x'", [210]],
    ['SELECT VALUE SUM(c.price) FROM c', []],
    ["SELECT VALUE AVG(c.price) FROM c WHERE c.shop = 'x'", [105]],
    ["SELECT VALUE AVG(c.price) FROM c WHERE c.shop = 'none'", []],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.shop = 'none'", [0]],
    ['SELECT VALUE MIN(c.name) FROM c', ['Chair']],
    ['SELECT VALUE MAX(c.name) FROM c', ['lamp shade']],
    [
      'SELECT c.shop, COUNT(1) AS n, MAX(c.name) AS last FROM c GROUP BY c.shop',
      [
        { shop: 'x', n: 2, last: 'Lamp' },
        { shop: 'y', n: 2, last: 'lamp shade' },
        { shop: 'z', n: 1, last: 'Door_1' },
      ],
    ],
    ['SELECT VALUE t FROM c JOIN t IN c.tags', ['home', 'light', 'home', 'home', 'seat']],
    [
      'SELECT c.id, t, p.n FROM c JOIN t IN c.tags JOIN p IN c.parts WHERE p.n > 1',
      [
        { id: 'a', t: 'home', n: 2 },
        { id: 'a', t: 'light', n: 2 },
      ],
    ],
    ['SELECT VALUE p FROM p IN c.parts', [{ n: 1 }, { n: 2 }]],
    ["SELECT VALUE ARRAY(SELECT VALUE p.n FROM p IN c.parts) FROM c WHERE c.id = 'a'", [[1, 2]]],
    ["SELECT VALUE (SELECT VALUE COUNT(1) FROM p IN c.parts) FROM c WHERE c.id = 'a'", [2]],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected)
  })
})

describe('what Azure refuses', () => {
  test.each([
    ['SELECT * FRM c', 'Syntax error'],
    ['SELECT * FROM c WHERE', 'Syntax error'],
    ["SELECT * FROM c WHERE c.id = 'open", 'Syntax error'],
    ['SELECT * FROM c WHERE d.id = 1', "Identifier 'd' could not be resolved"],
    ['SELECT * FROM c WHERE c.id = @id', "parameter '@id'"],
    ['SELECT * FROM c WHERE NOSUCH(c.id)', 'not a recognized built-in function'],
    ['SELECT * FROM c WHERE CONTAINS(c.id)', 'requires 2 to 3 argument'],
    ['SELECT * FROM c JOIN t IN c.tags', 'single input set'],
    ['SELECT c.name, COUNT(1) AS n FROM c GROUP BY c.shop', "Property reference 'c.name' is invalid"],
    ['SELECT VALUE c.id FROM c WHERE COUNT(1) > 1', 'only allowed in the SELECT list'],
    ['SELECT * FROM c ORDER BY c.name, c.price', 'composite index'],
    ['SELECT * FROM c ORDER BY c.shop, c.price', 'composite index'],
    ['SELECT * FROM c ORDER BY LOWER(c.name)', 'could not be mapped to a document path'],
    ['SELECT c.shop FROM c GROUP BY c.shop ORDER BY c.shop', 'not supported with'],
    ['SELECT * FROM c ORDER BY c._etag', 'excluded'],
    ['SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1', 'cannot be used in the same query'],
    ['SELECT TOP -1 * FROM c', 'expected a number'],
    ['SELECT VALUE ARRAY(SELECT VALUE n FROM n IN [1, 2])', 'Syntax error'],
  ])('%s', async (query, message) => {
    const refused = await refusal(rows(query))
    expect(refused.code).toBe(400)
    expect(refused.message).toContain(message)
  })

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
