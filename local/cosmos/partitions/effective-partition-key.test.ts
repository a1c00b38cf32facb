import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundary, effectivePartitionKey, type Hashing } from './effective-partition-key.ts'

// The SDK does not export its function, but it is what decides where bulk operations are sent: ours must be the same.
const entry = import.meta.resolve('@azure/cosmos')
const { hashPartitionKey } = (await import(
  new URL('utils/hashing/hash.js', pathToFileURL(new URL(entry).pathname)).href
)) as { hashPartitionKey(values: unknown[], definition: object): string }

const DEFINITIONS: Record<Hashing, object> = {
  v1: { paths: ['/a'], kind: 'Hash' },
  v2: { paths: ['/a'], kind: 'Hash', version: 2 },
  multi: { paths: ['/a', '/b', '/c'], kind: 'MultiHash', version: 2 },
}

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 90, maxLength: 150 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({}),
)

describe.each(['v1', 'v2', 'multi'] as const)('the effective partition key by %s', hashing => {
  test('is the one the SDK computes', () => {
    const values = fc.array(value, { minLength: 1, maxLength: hashing === 'multi' ? 3 : 1 })
    fc.assert(
      fc.property(values, key => {
        expect(effectivePartitionKey(key, hashing)).toBe(hashPartitionKey(key, DEFINITIONS[hashing]))
      }),
      { numRuns: 2000 },
    )
  })

  test('lies below and above the boundary of two halves equally often', () => {
    const keys = Array.from({ length: 2000 }, (_, n) => effectivePartitionKey([`user-${n}`], hashing))
    const below = keys.filter(key => key < boundary(1 / 2, hashing)).length
    expect(below).toBeGreaterThan(900)
    expect(below).toBeLessThan(1100)
    expect(keys.every(key => key >= '' && key < 'FF')).toBe(true)
  })
})

test('boundaries look like those of Azure', () => {
  expect(boundary(1 / 4, 'v2')).toBe('0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF')
  expect(boundary(1 / 2, 'v1')).toBe('05C1DFFFFFFFFC')
})
