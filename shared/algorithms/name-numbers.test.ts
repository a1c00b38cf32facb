import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namesOf } from './name-list.ts'
import { nameNumbers } from './name-numbers.ts'

const utf8 = (name: string) => new TextEncoder().encode(name)

test('names are numbered as they appear, each once, and listed by number', () => {
  const numbers = nameNumbers()
  expect(['anna', 'Zoë', 'anna', '', 'ann', 'Zoë'].map(name => numbers.numberOf(utf8(name)))).toEqual([
    0, 1, 0, 2, 3, 1,
  ])
  expect(namesOf(numbers.names())).toEqual(['anna', 'Zoë', '', 'ann'])
})

test('the caller may use the bytes of a name for the next', () => {
  const numbers = nameNumbers()
  const name = utf8('anna')
  numbers.numberOf(name)
  name.set(utf8('hans'))
  expect([numbers.numberOf(name), numbers.numberOf(utf8('anna'))]).toEqual([1, 0])
})

test('agrees with a Map, also when there are many names', () => {
  const names = fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 })
  fc.assert(
    fc.property(names, any => {
      const numbers = nameNumbers()
      const map = new Map<string, number>()
      for (const name of any) {
        if (!map.has(name)) map.set(name, map.size)
        expect(numbers.numberOf(utf8(name))).toBe(map.get(name))
      }
      expect(namesOf(numbers.names())).toEqual([...map.keys()])
    }),
  )
})

test('a hundred thousand names keep their numbers', () => {
  const numbers = nameNumbers()
  const ids = Array.from({ length: 100_000 }, (_, number) => utf8(`user-${number}`))
  expect(ids.every((id, number) => numbers.numberOf(id) === number)).toBe(true)
  expect(ids.every((id, number) => numbers.numberOf(id) === number)).toBe(true)
})
