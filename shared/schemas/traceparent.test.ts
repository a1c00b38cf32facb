import { expect, test } from 'vitest'
import { parseTraceparent, traceparentOf } from './traceparent.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'

test('parseTraceparent() reads trace, span and flag of a header, and traceparentOf() writes them', () => {
  const place = { traceId: trace, spanId: span, sampled: true }
  expect(parseTraceparent(`00-${trace}-${span}-01`)).toEqual(place)
  expect(traceparentOf(place)).toBe(`00-${trace}-${span}-01`)
  expect(parseTraceparent(`00-${trace}-${span}-00`)?.sampled).toBe(false)
  expect(parseTraceparent(`00-${trace}-${span}-03`)?.sampled).toBe(true)
})

test('parseTraceparent() reads a later version as far as this one goes', () => {
  expect(parseTraceparent(`cc-${trace}-${span}-01-what-comes`)).toEqual({
    ...{ traceId: trace, spanId: span, sampled: true },
  })
})

test.each([
  ...[null, undefined, '', 'x', `ff-${trace}-${span}-01`, `00-${trace}-${span}-01-more`],
  ...[`00-${trace.toUpperCase()}-${span}-01`, `00-${trace}-${span}`, `00-${trace.slice(1)}-${span}-01`],
  ...[`00-${'0'.repeat(32)}-${span}-01`, `00-${trace}-${'0'.repeat(16)}-01`, ` 00-${trace}-${span}-01`],
  `00-${trace}-${span}-01\n`,
])('parseTraceparent() takes nothing from %j', text => {
  expect(parseTraceparent(text)).toBeUndefined()
})
