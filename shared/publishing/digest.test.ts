import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Digest, markOf as markOfLine } from './digest.ts'

const markOf = (id: string, value: string): Uint32Array => {
  const line = Buffer.from(`[${JSON.stringify(id)},${value}]`)
  return markOfLine(line, 1 + Buffer.byteLength(JSON.stringify(id)))
}

const of = (values: Record<string, string>): Digest => {
  const digest = new Digest(1)
  for (const [id, value] of Object.entries(values)) digest.set(markOf(id, value))
  return digest
}

test('a digest tells a value it holds from a changed one and from an id it never saw', () => {
  const digest = of({ anna: '["pen"]', ben: '["tea"]' })
  expect(digest.knows(markOf('anna', '["pen"]'))).toBe('same')
  expect(digest.knows(markOf('anna', '["tea"]'))).toBe('changed')
  expect(digest.knows(markOf('cleo', '["pen"]'))).toBe('unknown')
  expect(digest.size).toBe(2)
})

test('a digest knows what a map of all values would know, whatever is set, added to it, encoded and decoded', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }).map(String), fc.constantFrom('a', 'b', 'c')))
  fc.assert(
    fc.property(values, values, values, (first, second, asked) => {
      const known = new Map([...first, ...second])
      const [digest, more] = [new Digest(1), new Digest(1)]
      for (const [id, value] of first) digest.set(markOf(id, value))
      for (const [id, value] of second) more.set(markOf(id, value))
      digest.add(more)
      const decoded = Digest.decode(digest.encode())
      for (const [id, value] of asked) {
        const expected = known.has(id) ? (known.get(id) === value ? 'same' : 'changed') : 'unknown'
        expect(decoded.knows(markOf(id, value))).toBe(expected)
      }
      expect(decoded.encode()).toEqual(digest.encode())
      expect(decoded.size).toBe(known.size)
    }),
  )
})

test('two ids of one hash do not pass for each other, as the hash of the value is made of the id too', () => {
  const digest = new Digest()
  const [anna, ben] = [markOf('anna', '["pen"]'), markOf('ben', '["pen"]')]
  digest.set(anna)
  const collided = Uint32Array.of(...anna.subarray(0, 2), ...ben.subarray(2))
  expect(digest.knows(collided)).toBe('changed')
})

test('bytes that are no digest, of another version or cut short are refused', () => {
  const bytes = of({ anna: '[]' }).encode()
  expect(() => Digest.decode(bytes.subarray(0, 3))).toThrow('Cannot read a digest')
  expect(() => Digest.decode(bytes.subarray(0, bytes.length - 1))).toThrow('Cannot read a digest')
  expect(() => Digest.decode(bytes.with(8, 2))).toThrow('Cannot read a digest')
  expect(() => Digest.decode(bytes.with(0, 0))).toThrow('Cannot read a digest')
})
