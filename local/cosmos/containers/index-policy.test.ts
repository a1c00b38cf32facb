import { expect, test } from 'vitest'
import { countIndexedPaths, indexPolicy } from './index-policy.ts'

test('of an included and an excluded path the more precise one decides', () => {
  const policy = indexPolicy({
    includedPaths: [{ path: '/*' }, { path: '/blob/name/?' }],
    excludedPaths: [{ path: '/blob/*' }, { path: '/"_etag"/?' }],
  })
  expect(policy.isIndexed(['price'])).toBe(true)
  expect(policy.isIndexed(['blob'])).toBe(false)
  expect(policy.isIndexed(['blob', 'data', 'deep'])).toBe(false)
  expect(policy.isIndexed(['blob', 'name'])).toBe(true)
  expect(policy.isIndexed(['_etag'])).toBe(false)
})

test('an indexed item pays for each property path once, however long its arrays are', () => {
  const policy = indexPolicy({})
  const document = { id: 'a', factors: [0.1, 0.2, 0.3], parts: [{ n: 1 }, { n: 2, m: 3 }], deep: { er: null }, _ts: 1 }
  expect(countIndexedPaths(document, policy)).toBe(5)
})

test('without indexing nothing is indexed and nothing is paid for', () => {
  const policy = indexPolicy({ indexingMode: 'none' })
  expect(policy.isIndexed(['id'])).toBe(false)
  expect(countIndexedPaths({ id: 'a', n: 1 }, policy)).toBe(0)
})
