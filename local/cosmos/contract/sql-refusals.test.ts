import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'
import { type Rows, sqlShop } from './sql-shop.ts'

const query = 'https://learn.microsoft.com/azure/cosmos-db/nosql/query'
const rule = contract({
  start: `${query}/getting-started`,
  select: `${query}/select`,
  where: `${query}/where`,
  parameters: `${query}/parameterized-queries`,
  functions: `${query}/system-functions`,
  aggregates: `${query}/aggregate-functions`,
  groupBy: `${query}/group-by`,
  orderBy: `${query}/order-by`,
  offset: `${query}/offset-limit`,
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

const refused: [page: Page, what: string, sql: string][] = [
  ['start', 'a word that is no keyword', 'SELECT * FRM c'],
  ['where', 'WHERE without a condition', 'SELECT * FROM c WHERE'],
  ['start', 'a text that does not end', "SELECT * FROM c WHERE c.id = 'open"],
  ['where', 'a name that stands for nothing', 'SELECT * FROM c WHERE d.id = 1'],
  ['parameters', 'a parameter without a value', 'SELECT * FROM c WHERE c.id = @id'],
  ['functions', 'an unknown function', 'SELECT * FROM c WHERE NOSUCH(c.id)'],
  ['functions', 'a function with too few arguments', 'SELECT * FROM c WHERE CONTAINS(c.id)'],
  ['select', 'SELECT * over a join', 'SELECT * FROM c JOIN t IN c.tags'],
  [
    'groupBy',
    'a property that is neither grouped by nor aggregated',
    'SELECT c.name, COUNT(1) AS n FROM c GROUP BY c.shop',
  ],
  ['aggregates', 'an aggregate in WHERE', 'SELECT VALUE c.id FROM c WHERE COUNT(1) > 1'],
  ['orderBy', 'ORDER BY two properties without a composite index', 'SELECT * FROM c ORDER BY c.name, c.price'],
  ['orderBy', 'ORDER BY in directions a composite index does not have', 'SELECT * FROM c ORDER BY c.shop, c.price'],
  ['orderBy', 'ORDER BY an expression', 'SELECT * FROM c ORDER BY LOWER(c.name)'],
  ['groupBy', 'GROUP BY with ORDER BY', 'SELECT c.shop FROM c GROUP BY c.shop ORDER BY c.shop'],
  ['orderBy', 'ORDER BY a property that is not indexed', 'SELECT * FROM c ORDER BY c._etag'],
  ['offset', 'TOP with OFFSET LIMIT', 'SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1'],
  ['offset', 'a TOP below 0', 'SELECT TOP -1 * FROM c'],
  ['subquery', 'a subquery from a list that is no path', 'SELECT VALUE ARRAY(SELECT VALUE n FROM n IN [1, 2])'],
]
for (const [page, what, sql] of refused) {
  rule(page, `${what} is refused with 400: ${sql}`, async () => {
    const { code, message } = await refusal(rows(sql, { partitionKey: 'x' }))
    expect(code).toBe(400)
    expect(message).not.toBe('')
  })
}
