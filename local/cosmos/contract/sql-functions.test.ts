import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount } from './account-under-test.ts'
import { type Rows, sqlShop, unordered } from './sql-shop.ts'

const query = 'https://learn.microsoft.com/azure/cosmos-db/nosql/query'

let account: AccountUnderTest
let rows: Rows

beforeAll(async () => {
  account = await openAccount()
  ;({ rows } = await sqlShop(account))
})

afterAll(() => account.close())

async function computed(expression: string): Promise<unknown> {
  const [value] = await rows(`SELECT VALUE ${expression} FROM c WHERE c.id = 'a'`, { partitionKey: 'x' })
  return value
}

/** Page, expression and what it gives for item a. */
const values: [page: string, expression: string, expected: unknown][] = [
  ['lower', "LOWER('AbC')", 'abc'],
  ['upper', "UPPER('AbC')", 'ABC'],
  ['length', "LENGTH('four')", 4],
  ['substring', "SUBSTRING('abcdef', 1, 3)", 'bcd'],
  ['concat', "CONCAT('a', 'b', 'c')", 'abc'],
  ['concat', "'a' || 'b'", 'ab'],
  ['index-of', "INDEX_OF('abcabc', 'c', 3)", 5],
  ['left', "LEFT('abc', 2)", 'ab'],
  ['right', "RIGHT('abc', 1)", 'c'],
  ['trim', "TRIM('  a ')", 'a'],
  ['ltrim', "LTRIM('  a ')", 'a '],
  ['ltrim', "LTRIM('abc', 'ab')", 'c'],
  ['trim', "TRIM('xxaxx', 'x')", 'a'],
  ['rtrim', "RTRIM('  a ')", '  a'],
  ['replace', "REPLACE('a.b.c', '.', '-')", 'a-b-c'],
  ['replicate', "REPLICATE('ab', 3)", 'ababab'],
  ['reverse', "REVERSE('abc')", 'cba'],
  ['contains', "CONTAINS(c.name, 'LAMP', true)", true],
  ['startswith', "STARTSWITH(c.name, 'la', false)", false],
  ['endswith', "ENDSWITH(c.name, 'MP', true)", true],
  ['stringequals', "STRINGEQUALS('abc', 'aBC')", false],
  ['stringequals', "STRINGEQUALS('abc', 'aBC', true)", true],
  ['regexmatch', "RegexMatch('abcd', '^A', 'i')", true],
  ['regexmatch', "RegexMatch('abcd', 'a b', 'x')", true],
  ['tostring', 'ToString(12)', '12'],
  ['tostring', 'ToString({a: 1})', '{"a":1}'],
  ['stringtonumber', "StringToNumber('12.5')", 12.5],
  ['stringtoboolean', "StringToBoolean('true')", true],
  ['stringtonull', "StringToNull('null')", null],
  ['stringtoarray', "StringToArray('[1, 2]')", [1, 2]],
  ['stringtoobject', `StringToObject('{"a": 1}')`, { a: 1 }],
  ['stringjoin', "StringJoin(['a', 'b'], '-')", 'a-b'],
  ['stringsplit', "StringSplit('a-b', '-')", ['a', 'b']],
  ['abs', 'ABS(-3)', 3],
  ['floor', 'FLOOR(-2.5)', -3],
  ['ceiling', 'CEILING(2.1)', 3],
  ['round', 'ROUND(-2.5)', -3],
  ['round', 'ROUND(2.5)', 3],
  ['trunc', 'TRUNC(-2.9)', -2],
  ['power', 'POWER(2, 10)', 1024],
  ['sqrt', 'SQRT(9)', 3],
  ['square', 'SQUARE(3)', 9],
  ['sign', 'SIGN(-8)', -1],
  ['numberbin', 'NumberBin(37.752, 10)', 30],
  ['intadd', 'IntAdd(20, 10)', 30],
  ['intdiv', 'IntDiv(-7, 2)', -3],
  ['intmod', 'IntMod(12, 5)', 2],
  ['intbitleftshift', 'IntBitLeftShift(16, 4)', 256],
  ['arithmetic-operators', '7 % 4', 3],
  ['bitwise-operators', '6 & 3', 2],
  ['array-concat', 'ARRAY_CONCAT([1], [2])', [1, 2]],
  ['array-contains', "ARRAY_CONTAINS(c.tags, 'light')", true],
  ['array-contains', 'ARRAY_CONTAINS(c.parts, {n: 2})', true],
  ['array-contains', 'ARRAY_CONTAINS([{n: 1, m: 2}], {n: 1})', false],
  ['array-contains', 'ARRAY_CONTAINS([{n: 1, m: 2}], {n: 1}, true)', true],
  ['array-contains-any', 'ARRAY_CONTAINS_ANY([1, 2], 2, 9)', true],
  ['array-contains-all', 'ARRAY_CONTAINS_ALL([1, 2], 2, 9)', false],
  ['array-length', 'ARRAY_LENGTH(c.tags)', 2],
  ['array-slice', "ARRAY_SLICE(['a', 'b', 'c'], 1)", ['b', 'c']],
  ['array-slice', "ARRAY_SLICE(['a', 'b', 'c'], -2, 1)", ['b']],
  ['array-sum', 'ARRAY_SUM([1, 2, 3.5])', 6.5],
  ['array-avg', 'ARRAY_AVG([1, 2, 3])', 2],
  ['array-max', "ARRAY_MAX([1, 'b', true, null])", 'b'],
  ['array-min', "ARRAY_MIN([1, 'b', true, null])", null],
  ['choose', "CHOOSE(2, 'a', 'b')", 'b'],
  [
    'objecttoarray',
    "ObjectToArray({a: '1', b: 2})",
    [
      { k: 'a', v: '1' },
      { k: 'b', v: 2 },
    ],
  ],
  ['objecttoarray', "ObjectToArray({a: 1}, 'name', 'value')", [{ name: 'a', value: 1 }]],
  ['setintersect', 'SetIntersect([1, 2, 2], [2, 3])', [2]],
  ['iif', "IIF(1 < 2, 'yes', 'no')", 'yes'],
  ['iif', "IIF('true', 'yes', 'no')", 'no'],
  ['is-integer', 'IS_INTEGER(1)', true],
  ['is-integer', 'IS_INTEGER(1.5)', false],
  ['is-defined', 'IS_DEFINED(c.missing)', false],
  ['is-null', 'IS_NULL(null)', true],
  ['is-string', "IS_STRING('a')", true],
  ['is-primitive', 'IS_PRIMITIVE(c.tags)', false],
  ['is-object', 'IS_OBJECT(c.parts[0])', true],
  ['datetimeadd', "DateTimeAdd('mm', 1, '2020-07-03T00:00:00.0000000')", '2020-08-03T00:00:00.0000000Z'],
  ['datetimeadd', "DateTimeAdd('yyyy', -1, '2020-02-29T10:00:00.0000000Z')", '2019-02-28T10:00:00.0000000Z'],
  ['datetimeadd', "DateTimeAdd('hh', -5, '2020-07-03T00:00:00.0000000')", '2020-07-02T19:00:00.0000000Z'],
  ['datetimeadd', "DateTimeAdd('mcs', 3, '2020-07-03T00:00:00.0000001Z')", '2020-07-03T00:00:00.0000031Z'],
  ['datetimebin', "DateTimeBin('2021-01-08T18:35:00.0000000', 'hh', 5)", '2021-01-08T15:00:00.0000000Z'],
  ['datetimebin', "DateTimeBin('2021-01-08T18:35:00.0000000', 'day', 1)", '2021-01-08T00:00:00.0000000Z'],
  ['datetimediff', "DateTimeDiff('hh', '2020-01-01T23:59:00Z', '2020-01-02T00:01:00Z')", 1],
  ['datetimediff', "DateTimeDiff('yyyy', '2028-12-31T00:00:00Z', '2027-01-01T00:00:00Z')", -1],
  ['datetimediff', "DateTimeDiff('mm', '2019-02-04T16:00:00Z', '2020-01-03T20:00:00Z')", 11],
  ['datetimefromparts', 'DateTimeFromParts(2017, 4, 20, 13, 15, 20, 3456789)', '2017-04-20T13:15:20.3456789Z'],
  ['datetimefromparts', 'DateTimeFromParts(2020, 9, 4)', '2020-09-04T00:00:00.0000000Z'],
  ['datetimepart', "DateTimePart('mcs', '2016-05-29T08:30:00.1301617Z')", 130161],
  ['datetimepart', "DateTimePart('yyyy', '2016-05-29T08:30:00.1301617Z')", 2016],
  ['datetimetotimestamp', "DateTimeToTimestamp('2020-07-09T23:20:13.4575530Z')", 1594336813457],
  ['timestamptodatetime', 'TimestampToDateTime(1594227912345)', '2020-07-08T17:05:12.3450000Z'],
  [
    'tickstodatetime',
    'TicksToDateTime(DateTimeToTicks("2020-07-09T00:00:00.0000000Z"))',
    '2020-07-09T00:00:00.0000000Z',
  ],
  ['logical-operators', 'true OR undefined', true],
  ['logical-operators', 'false AND undefined', false],
  ['logical-operators', 'NOT true OR true', true],
  ['equality-comparison-operators', "'a' = 1", false],
  ['equality-comparison-operators', '{"a": 1, "b": [2]} = {"b": [2], "a": 1}', true],
]

/** What fits no function gives undefined, not an error. */
const undefinedValues: [page: string, expression: string][] = [
  ['lower', 'LOWER(1)'],
  ['length', "LENGTH(['a'])"],
  ['abs', "ABS('x')"],
  ['sqrt', 'SQRT(-1)'],
  ['arithmetic-operators', "'a' + 1"],
  ['arithmetic-operators', '1 / 0'],
  ['logical-operators', 'NOT 1'],
  ['logical-operators', 'false OR undefined'],
  ['logical-operators', 'true AND undefined'],
  ['equality-comparison-operators', "1 < 'a'"],
  ['equality-comparison-operators', 'undefined = 1'],
  ['datetimeadd', "DateTimeAdd('century', 1, '2020-07-03T00:00:00.0000000')"],
  ['datetimeadd', "DateTimeAdd('mm', 1, 'yesterday')"],
  ['datetimefromparts', 'DateTimeFromParts(-1, 1, 1)'],
  ['datetimefromparts', 'DateTimeFromParts(2021, 2, 30)'],
  ['intdiv', 'IntDiv(1, 0)'],
  ['regexmatch', "RegexMatch('a', '(')"],
  ['regexmatch', "RegexMatch('a', 'a', 'q')"],
  ['datetimebin', "DateTimeBin('2021-01-08T18:35:00Z', 'hh', 0)"],
  ['datetimebin', "DateTimeBin('2021-01-08T18:35:00Z', 'mm', 1)"],
  ['datetimebin', "DateTimeBin('2021-01-08T18:35:00Z', 'hh', 1, '1600-01-01T00:00:00Z')"],
  ['intadd', 'IntAdd(1.5, 1)'],
  ['array-sum', "ARRAY_SUM([1, 'two'])"],
  ['choose', "CHOOSE(3, 'a', 'b')"],
  ['stringtonumber', "StringToNumber('twelve')"],
]

const names = [...new Set([...values, ...undefinedValues].map(([page]) => page))]
const rule = contract({
  current: `${query}/getcurrentdatetime`,
  still: `${query}/getcurrenttimestampstatic`,
  union: `${query}/setunion`,
  ...Object.fromEntries(names.map(name => [name, `${query}/${name}`])),
} as Record<string, string>)

for (const [page, expression, expected] of values) {
  rule(page, `${expression} is ${JSON.stringify(expected)}`, async () => {
    expect(await computed(expression)).toEqual(expected)
  })
}

for (const [page, expression] of undefinedValues) {
  rule(page, `${expression} is undefined, not an error`, async () => {
    expect(await computed(expression)).toBeUndefined()
  })
}

rule('union', 'SetUnion has each value once', async () => {
  expect(unordered((await computed('SetUnion([1, 2], [2, 3])')) as number[])).toEqual(['1', '2', '3'])
})

rule('current', 'the current time is now, with seven digits behind the second', async () => {
  const now = await computed('GetCurrentDateTime()')
  expect(now).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{7}Z$/)
  expect(Math.abs(Date.parse(String(now)) - Date.now())).toBeLessThan(60_000)
})

rule('still', 'a static time is the same for all items of a partition', async () => {
  const times = await rows('SELECT VALUE GetCurrentTimestampStatic() FROM c', { partitionKey: 'x' })
  expect(times).toHaveLength(2)
  expect(new Set(times).size).toBe(1)
})
