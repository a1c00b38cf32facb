import type { JSONValue } from '@azure/cosmos'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount } from './account-under-test.ts'
import { documents, type Rows, sqlShop, unordered } from './sql-shop.ts'

const query = 'https://learn.microsoft.com/azure/cosmos-db/nosql/query'
const rule = contract({
  select: `${query}/select`,
  constants: `${query}/constants`,
  from: `${query}/from`,
  where: `${query}/where`,
  operators: `${query}/equality-comparison-operators`,
  logical: `${query}/logical-operators`,
  ternary: `${query}/ternary-coalesce-operators`,
  between: `${query}/keywords`,
  parameters: `${query}/parameterized-queries`,
  json: `${query}/working-with-json`,
})

let account: AccountUnderTest
let rows: Rows

beforeAll(async () => {
  account = await openAccount()
  ;({ rows } = await sqlShop(account))
})

afterAll(() => account.close())

rule('select', 'SELECT * gives whole documents with their system properties', async () => {
  const [document] = await rows("SELECT * FROM c WHERE c.id = 'b'")
  expect(document).toMatchObject({ ...documents[1], _rid: expect.any(String), _etag: expect.any(String) })
})

type Page = Parameters<typeof rule>[0]

const projections: [page: Page, sentence: string, sql: string, expected: unknown[]][] = [
  [
    'select',
    'a property is named after itself or by AS',
    "SELECT c.name, c.price AS cost FROM c WHERE c.id = 'a'",
    [{ name: 'Lamp', cost: 10 }],
  ],
  [
    'select',
    'a property that is missing is left out',
    "SELECT c.name, c.missing FROM c WHERE c.id = 'a'",
    [{ name: 'Lamp' }],
  ],
  ['select', 'a VALUE that is missing gives no row', "SELECT VALUE c.missing FROM c WHERE c.id = 'a'", []],
  [
    'select',
    'an expression without a name is $1',
    "SELECT c.price * 2, c['name'] FROM c WHERE c.id = 'a'",
    [{ $1: 20, name: 'Lamp' }],
  ],
  [
    'json',
    'objects and arrays are made of what has a value',
    "SELECT VALUE {n: c.name, \"l\": [c.price, c.missing, 'k']} FROM c WHERE c.id = 'a'",
    [{ n: 'Lamp', l: [10, 'k'] }],
  ],
  [
    'json',
    'a nested property is reached by dots and by brackets',
    "SELECT VALUE c.nested.depth['value'] FROM c WHERE c.id = 'b'",
    [5],
  ],
  [
    'json',
    'an element of an array is reached by its index',
    "SELECT VALUE c.tags[1] FROM c WHERE c.id = 'a'",
    ['light'],
  ],
  ['from', 'the container can have any name', "SELECT VALUE root.name FROM root WHERE root.id = 'a'", ['Lamp']],
  ['from', 'a query without FROM has one row', 'SELECT VALUE 1', [1]],
  [
    'ternary',
    'a condition chooses by true alone',
    "SELECT VALUE c.on ? 'yes' : 'no' FROM c WHERE c.shop = 'x' ORDER BY c.id",
    ['yes', 'no'],
  ],
  ['ternary', '?? keeps null', "SELECT VALUE c.none ?? 'kept' FROM c WHERE c.id = 'c'", [null]],
  ['ternary', '?? stands in for a missing value', "SELECT VALUE c.none ?? 'other' FROM c WHERE c.id = 'a'", ['other']],
  ['constants', 'operators bind as in arithmetic', "SELECT VALUE 1 + 2 * 3 - -1 FROM c WHERE c.id = 'a'", [8]],
  ['constants', 'texts have JSON escapes', 'SELECT VALUE "a\\"b\\u0041" FROM c WHERE c.id = \'a\'', ['a"bA']],
]
for (const [page, sentence, sql, expected] of projections) {
  rule(page, `${sentence}: ${sql}`, async () => {
    expect(await rows(sql)).toEqual(expected)
  })
}

const filters: [page: Page, where: string, expected: string[]][] = [
  ['operators', 'c.price = 10', ['a', 'c']],
  ['operators', "c.price = '10'", ['d']],
  ['operators', 'c.price != 10', ['b', 'd']],
  ['operators', 'c.price > 10', ['b']],
  ['operators', 'c.price >= 10 AND c.price <= 200', ['a', 'b', 'c']],
  ['operators', "c.name < 'D'", ['d']],
  ['operators', 'c.missing = null', []],
  ['operators', 'c.none = null', ['c']],
  ['operators', 'c.tags = []', ['c']],
  ['operators', "c.nested = {depth: {'value': 5}}", ['b']],
  ['where', 'c.on', ['a', 'c']],
  ['logical', 'NOT c.on', ['b']],
  ['logical', 'NOT (c.missing = 1)', []],
  ['logical', 'c.missing = 1 OR c.on', ['a', 'c']],
  ['between', 'c.price BETWEEN 10 AND 20', ['a', 'c']],
  ['between', 'c.price NOT BETWEEN 10 AND 20', ['b']],
  ['between', "c.id IN ('a', 'e', 'q')", ['a', 'e']],
  ['between', "c.id NOT IN ('a', 'e')", ['b', 'c', 'd']],
  ['between', "c.name LIKE 'Lamp%'", ['a']],
  ['between', "c.name LIKE '%am_'", ['a']],
  ['between', "c.name LIKE '%![_]%' ESCAPE '!'", []],
  ['between', "c.name LIKE '%!_1' ESCAPE '!'", ['e']],
  ['between', "c.name LIKE '[DC]%'", ['b', 'd', 'e']],
]
for (const [page, where, expected] of filters) {
  rule(page, `WHERE ${where} finds ${expected.join(', ') || 'nothing'}`, async () => {
    expect(unordered(await rows(`SELECT VALUE c.id FROM c WHERE ${where}`))).toEqual(unordered(expected))
  })
}

rule('parameters', 'parameters take values of any type', async () => {
  const parameters = [
    { name: '@id', value: 'b' },
    { name: '@tags', value: ['home'] as JSONValue },
  ]
  const sql = 'SELECT VALUE c.id FROM c WHERE c.id = @id AND c.tags = @tags'
  expect(await rows({ query: sql, parameters })).toEqual(['b'])
})
