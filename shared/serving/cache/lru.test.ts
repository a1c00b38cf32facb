import { expect, test } from 'vitest'
import { Lru } from './lru.ts'

const words = (limits: { entriesMax?: number; bytesMax?: number }) =>
  new Lru<string>({ entriesMax: 3, bytesMax: 100, bytesOf: text => text.length, ...limits })

test('an lru keeps what was used last and counts what gave way', () => {
  const held = words({ entriesMax: 2 })
  held.set('a', 'pen')
  held.set('b', 'ink')
  expect(held.get('a')).toBe('pen')
  held.set('c', 'pad')
  expect([held.get('a'), held.get('b'), held.get('c')]).toEqual(['pen', undefined, 'pad'])
  expect([held.size, held.bytes, held.evictions]).toEqual([2, 6, 1])
})

test('a look without use saves no value from giving way', () => {
  const held = words({ entriesMax: 2 })
  held.set('a', 'pen')
  held.set('b', 'ink')
  expect(held.peek('a')).toBe('pen')
  held.set('c', 'pad')
  expect(held.peek('a')).toBeUndefined()
})

test('an lru holds so many bytes, also when a value is set again with another', () => {
  const held = words({ bytesMax: 7 })
  held.set('a', 'pen')
  held.set('a', 'pens')
  held.set('b', 'ink')
  expect(held.bytes).toBe(7)
  held.set('c', 'x')
  expect([held.peek('a'), held.bytes]).toEqual([undefined, 4])
})

test('a value larger than all of it is not kept, and leaves nothing behind', () => {
  const held = words({ bytesMax: 3 })
  held.set('a', 'pencil')
  expect([held.size, held.bytes]).toEqual([0, 0])
})

test('what is deleted or cleared no longer counts', () => {
  const held = words({})
  held.set('a', 'pen')
  held.set('b', 'ink')
  expect(held.delete('a')).toBe(true)
  expect(held.delete('a')).toBe(false)
  expect(held.bytes).toBe(3)
  held.clear()
  expect([held.size, held.bytes]).toEqual([0, 0])
})
