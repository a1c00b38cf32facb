import { expect, test } from 'vitest'
import { seededRandom } from '../algorithms/random.ts'
import { AppError } from '../schemas/errors.ts'
import { seenMax, seenSoFar } from './seen.ts'

const home = ['home', { user: 'u1', category: null }]
const seen = (cursor: string | undefined, list: readonly unknown[] = home) =>
  seenSoFar(cursor, { list, code: 'invalid_query' })

test('a cursor remembers what was shown on every page before, and nothing else', () => {
  const first = seen(undefined)
  expect(first.has('pen')).toBe(false)
  const second = seen(first.after(['pen', 'ink']) ?? '')
  const third = seen(second.after(['tea']) ?? '')
  expect(['pen', 'ink', 'tea', 'cup'].map(third.has)).toEqual([true, true, true, false])
})

test('a page of nothing leaves the conversation where it was', () => {
  const cursor = seen(undefined).after(['pen'])
  expect(seen(cursor ?? '').after([])).toBe(cursor)
})

test('a cursor of another list, of none or of a future version is refused with field, value and reason', () => {
  const cursor = seen(undefined).after(['pen']) ?? ''
  const cases = [
    '',
    'AA',
    'x'.repeat(64),
    `${cursor}AAAA`,
    Buffer.from([2, ...Array(12).fill(7)]).toString('base64url'),
  ]
  for (const broken of cases) expect(() => seen(broken)).toThrow(AppError)
  expect(() => seen(cursor, ['home', { user: 'u2', category: null }])).toThrow(
    expect.objectContaining({
      code: 'invalid_query',
      errors: [
        {
          ...{ code: 'invalid', field: 'cursor', value: cursor },
          reason: 'must be the next_cursor of an earlier answer to the same request',
        },
      ],
    }),
  )
})

test(`a conversation ends once ${seenMax} items were shown`, () => {
  const ids = Array.from({ length: seenMax }, (_, n) => `i${n}`)
  const cursor = seen(undefined).after(ids.slice(0, -1))
  expect(cursor?.length).toBeLessThan(4010)
  expect(seen(cursor ?? '').after(ids.slice(-1))).toBeNull()
})

test('pages repeat nothing and pass over nothing while ranks, stock and the catalogue change between them', () => {
  const random = seededRandom(6)
  for (let conversation = 0; conversation < 50; conversation++) {
    const stocked = new Set(Array.from({ length: 60 }, (_, n) => `i${n}`))
    const always = new Set([...stocked].filter((_, n) => n % 3 > 0))
    const listed: string[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = seen(cursor)
      const ranked = [...stocked].map(id => [id, random()] as const).sort(([, a], [, b]) => b - a)
      const items = ranked.map(([id]) => id).filter(id => !page.has(id))
      const shown = items.slice(0, 1 + Math.floor(random() * 9))
      listed.push(...shown)
      cursor = shown.length === items.length ? null : page.after(shown)
      for (const id of [...stocked]) if (!always.has(id) && random() < 0.1) stocked.delete(id)
      if (random() < 0.5) stocked.add(`new${listed.length}`)
    }
    expect(new Set(listed).size).toBe(listed.length)
    expect([...always].filter(id => !listed.includes(id))).toEqual([])
  }
})
