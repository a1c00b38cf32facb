import { expect, test } from 'vitest'
import { narrowing } from './narrow.ts'
import { parseQuery } from './parse-query.ts'

const since = (where: string) =>
  narrowing(parseQuery(`SELECT * FROM c WHERE ${where}`), new Map([['@at', 70]]), ['/id']).since

test('a bound on when items were changed narrows what is read, where all that matches has to keep to it', () => {
  expect(since('c._ts >= @at')).toBe(70)
  expect(since('c._ts > 5 AND c._ts >= 9 AND c.price = 1')).toBe(9)
  expect(since('c._ts >= 5 OR c.price = 1')).toBeUndefined()
  expect(since('c._ts <= 5')).toBeUndefined()
  expect(since("c._ts >= 'soon'")).toBeUndefined()
  expect(since('c.data._ts >= 5')).toBeUndefined()
})
