import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount } from './account-under-test.ts'
import { type Rows, sqlShop, unordered } from './sql-shop.ts'

const query = 'https://learn.microsoft.com/azure/cosmos-db/nosql/query'
const rule = contract({
  orderBy: `${query}/order-by`,
  offset: `${query}/offset-limit`,
  keywords: `${query}/keywords`,
  aggregates: `${query}/aggregate-functions`,
  count: `${query}/count`,
  sum: `${query}/sum`,
  average: `${query}/average`,
  min: `${query}/min`,
  max: `${query}/max`,
  groupBy: `${query}/group-by`,
  join: `${query}/join`,
  subquery: `${query}/subquery`,
})

let account: AccountUnderTest
let rows: Rows

beforeAll(async () => {
  account = await openAccount()
  ;({ rows } = await sqlShop(account))
})

afterAll(() => account.close())

type Page = Parameters<typeof rule>[0]

const ordered: [page: Page, sentence: string, sql: string, expected: unknown[]][] = [
  [
    'orderBy',
    'ORDER BY a text is by its code points',
    'SELECT VALUE c.id FROM c ORDER BY c.name DESC',
    ['c', 'a', 'e', 'b', 'd'],
  ],
  [
    'orderBy',
    'ORDER BY sorts by type before value',
    "SELECT VALUE c.id FROM c WHERE c.shop = 'y' ORDER BY c.price",
    ['c', 'd'],
  ],
  [
    'orderBy',
    'ORDER BY two properties follows a composite index',
    'SELECT VALUE c.id FROM c WHERE IS_NUMBER(c.price) ORDER BY c.shop ASC, c.price DESC',
    ['b', 'a', 'c'],
  ],
  [
    'orderBy',
    'ORDER BY two properties follows a composite index backwards',
    'SELECT VALUE c.id FROM c WHERE IS_NUMBER(c.price) ORDER BY c.shop DESC, c.price',
    ['c', 'a', 'b'],
  ],
  [
    'keywords',
    'TOP takes the first rows of the order',
    'SELECT TOP 2 VALUE c.id FROM c ORDER BY c.id DESC',
    ['e', 'd'],
  ],
  [
    'offset',
    'OFFSET LIMIT takes rows from the middle of the order',
    'SELECT VALUE c.id FROM c ORDER BY c.id OFFSET 1 LIMIT 2',
    ['b', 'c'],
  ],
  ['count', 'COUNT counts rows', 'SELECT VALUE COUNT(1) FROM c', [5]],
  ['count', 'COUNT counts values that are there', 'SELECT VALUE COUNT(c.price) FROM c', [4]],
  ['count', 'COUNT of nothing is 0', "SELECT VALUE COUNT(1) FROM c WHERE c.shop = 'none'", [0]],
  ['sum', 'SUM adds numbers', "SELECT VALUE SUM(c.price) FROM c WHERE c.shop = 'x'", [210]],
  ['sum', 'SUM over a value that is no number is undefined', 'SELECT VALUE SUM(c.price) FROM c', []],
  ['average', 'AVG is the mean of numbers', "SELECT VALUE AVG(c.price) FROM c WHERE c.shop = 'x'", [105]],
  ['min', 'MIN is the first of the values', 'SELECT VALUE MIN(c.name) FROM c', ['Chair']],
  ['max', 'MAX is the last of the values', 'SELECT VALUE MAX(c.name) FROM c', ['lamp shade']],
]
for (const [page, sentence, sql, expected] of ordered) {
  rule(page, `${sentence}: ${sql}`, async () => {
    expect(await rows(sql)).toEqual(expected)
  })
}

const anyOrder: [page: Page, sentence: string, sql: string, expected: unknown[]][] = [
  ['keywords', 'DISTINCT gives each value once', 'SELECT DISTINCT VALUE c.shop FROM c', ['x', 'y', 'z']],
  [
    'keywords',
    'DISTINCT gives each object once',
    'SELECT DISTINCT c.price FROM c WHERE IS_NUMBER(c.price)',
    [{ price: 10 }, { price: 200 }],
  ],
  [
    'groupBy',
    'GROUP BY aggregates the rows of each key',
    'SELECT c.shop, COUNT(1) AS n, MAX(c.name) AS last FROM c GROUP BY c.shop',
    [
      { shop: 'x', n: 2, last: 'Lamp' },
      { shop: 'y', n: 2, last: 'lamp shade' },
      { shop: 'z', n: 1, last: 'Door_1' },
    ],
  ],
  [
    'join',
    'JOIN gives a row for each element of an array',
    'SELECT VALUE t FROM c JOIN t IN c.tags',
    ['home', 'light', 'home', 'home', 'seat'],
  ],
  [
    'join',
    'two JOINs give every combination',
    'SELECT c.id, t, p.n FROM c JOIN t IN c.tags JOIN p IN c.parts WHERE p.n > 1',
    [
      { id: 'a', t: 'home', n: 2 },
      { id: 'a', t: 'light', n: 2 },
    ],
  ],
  ['join', 'FROM IN reads the elements of an array', 'SELECT VALUE p FROM p IN c.parts', [{ n: 1 }, { n: 2 }]],
  [
    'subquery',
    'ARRAY collects the rows of a subquery',
    "SELECT VALUE ARRAY(SELECT VALUE p.n FROM p IN c.parts) FROM c WHERE c.id = 'a'",
    [[1, 2]],
  ],
  [
    'subquery',
    'a scalar subquery is one value',
    "SELECT VALUE (SELECT VALUE COUNT(1) FROM p IN c.parts) FROM c WHERE c.id = 'a'",
    [2],
  ],
  [
    'subquery',
    'FROM reads the rows of a subquery',
    'SELECT VALUE s.name FROM (SELECT VALUE c FROM c WHERE c.on) AS s',
    ['Lamp', 'lamp shade'],
  ],
  [
    'subquery',
    'a JOIN reads an array of the rows of a subquery',
    "SELECT s.id, t FROM (SELECT c.id, c.tags FROM c) AS s JOIN t IN s.tags WHERE t = 'seat'",
    [{ id: 'd', t: 'seat' }],
  ],
  [
    'subquery',
    'EXISTS asks whether a subquery has rows',
    "SELECT VALUE c.id FROM c WHERE EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = 'light')",
    ['a'],
  ],
]
for (const [page, sentence, sql, expected] of anyOrder) {
  rule(page, `${sentence}: ${sql}`, async () => {
    expect(unordered(await rows(sql))).toEqual(unordered(expected))
  })
}

rule('aggregates', 'AVG, MIN and MAX of nothing are undefined', async () => {
  for (const aggregate of ['AVG', 'MIN', 'MAX']) {
    const sql = `SELECT VALUE ${aggregate}(c.price) FROM c WHERE c.shop = 'none'`
    expect(await rows(sql, { partitionKey: 'none' })).toEqual([])
  }
})
