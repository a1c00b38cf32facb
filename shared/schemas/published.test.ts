import { expect, test } from 'vitest'
import { popularityId } from './published.ts'

test('categories have popularity documents of their own, whatever their names hold', () => {
  const names = [undefined, 'all', 'Home & Garden', 'a/b', 'a?b', 'a%2Fb', 'a#b', 'a\\b', 'a b']
  const ids = names.map(popularityId)
  expect(new Set(ids).size).toBe(names.length)
  for (const id of ids) expect(id).toMatch(/^[^/\\?#]+$/)
})
