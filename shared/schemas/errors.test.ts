import { expect, test } from 'vitest'
import { z } from 'zod'
import { errorCodes, fieldErrors } from './errors.ts'

const Shelf = z.object({ name: z.string(), items: z.array(z.object({ price: z.number() })) })
function errorsOf(input: unknown) {
  const parsed = Shelf.safeParse(input)
  return parsed.success ? [] : fieldErrors(parsed.error, input).map(({ code, field, value }) => [code, field, value])
}

test('each finding has the way to the field, and the value found there', () => {
  expect(errorsOf({ items: [{ price: 1 }, { price: 'cheap' }] })).toEqual([
    ['missing', 'name', null],
    ['invalid', 'items[1].price', 'cheap'],
  ])
  expect(errorsOf('shelf')).toEqual([['invalid', '(body)', 'shelf']])
  // In JSON null says that there is nothing.
  expect(errorsOf({ name: null, items: [] })).toEqual([['missing', 'name', null]])
})

test('a long value is cut, whatever it is', () => {
  const long = 'x'.repeat(300)
  expect(errorsOf({ name: [long], items: [] })).toEqual([['invalid', 'name', `["${'x'.repeat(198)}…`]])
  expect(errorsOf(long)).toEqual([['invalid', '(body)', `${'x'.repeat(200)}…`]])
})

test('what the caller did wrong is a 4xx; only what must come back later is a 5xx', () => {
  const later = Object.entries(errorCodes).filter(([, status]) => status >= 500)
  expect(later).toEqual([
    ['not_ready', 503],
    ['unavailable', 503],
  ])
})
