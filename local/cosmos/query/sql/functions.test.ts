import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount } from '../../contract/account-under-test.ts'

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
  await account.database.containers.create({ id: 'empty', partitionKey: { paths: ['/k'] } })
})

afterAll(() => account.close())

async function computed(expression: string): Promise<unknown> {
  const container = account.database.container('empty')
  const { resources } = await container.items.query(`SELECT VALUE ${expression}`).fetchAll()
  return resources[0]
}

test.each([
  ["LOWER('AbC')", 'abc'],
  ["UPPER('AbC')", 'ABC'],
  ["LENGTH('four')", 4],
  ["SUBSTRING('abcdef', 1, 3)", 'bcd'],
  ["CONCAT('a', 'b', 'c')", 'abc'],
  ["'a' || 'b'", 'ab'],
  ["INDEX_OF('abc', 'c')", 2],
  ["LEFT('abc', 2) || RIGHT('abc', 1)", 'abc'],
  ["TRIM('  a ')", 'a'],
  ["REPLACE('a.b.c', '.', '-')", 'a-b-c'],
  ['ToString(12)', '12'],
  ["StringToNumber('12.5')", 12.5],
  ['ABS(-3)', 3],
  ['FLOOR(-2.5)', -3],
  ['CEILING(2.1)', 3],
  ['ROUND(-2.5)', -3],
  ['ROUND(2.5)', 3],
  ['POWER(2, 10)', 1024],
  ['SQRT(9)', 3],
  ['7 % 4', 3],
  ['6 & 3', 2],
  ["ARRAY_SLICE(['a', 'b', 'c'], 1)", ['b', 'c']],
  ['ARRAY_CONCAT([1], [2])', [1, 2]],
  ['SetIntersect([1, 2], [2, 3])', [2]],
  ["IIF(1 < 2, 'yes', 'no')", 'yes'],
  ["RegexMatch('abcd', '^A', 'i')", true],
])('%s', async (expression, expected) => {
  expect(await computed(expression)).toEqual(expected)
})

test.each([
  'LOWER(1)',
  "LENGTH(['a'])",
  "ABS('x')",
  "'a' + 1",
  "1 < 'a'",
  'NOT 1',
  'SQRT(-1)',
  '1 / 0',
  'undefined = 1',
])('%s is undefined, not an error', async expression => {
  expect(await computed(expression)).toBeUndefined()
})

test.each([
  ['true OR undefined', true],
  ['false AND undefined', false],
  ['false OR undefined', undefined],
  ['true AND undefined', undefined],
  ["'a' = 1", false],
  ["'a' != 1", true],
  ['{"a": 1, "b": [2]} = {"b": [2], "a": 1}', true],
  ['NOT true OR true', true],
  ['1 + 2 = 3 AND 2 > 1', true],
  ['2 BETWEEN 1 AND 3 AND 4 IN (3, 4)', true],
])('%s is %s', async (expression, expected) => {
  expect(await computed(expression)).toBe(expected)
})
