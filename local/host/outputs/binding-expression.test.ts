import { describe, expect, test } from 'vitest'
import { bindingDataOf } from './binding-data.ts'
import { parseExpression, resolveExpression } from './binding-expression.ts'

const now = () => new Date('2026-03-01T08:05:09.040Z')
const resolve = (text: string, data: Record<string, unknown> = {}) =>
  resolveExpression(parseExpression(text, 'path'), () => data, { functionName: 'f', now })

describe('resolveExpression()', () => {
  test.each([
    ['{DateTime}', '2026-03-01T08-05-09Z'],
    ['{datetime:yyyy/MM/dd}', '2026/03/01'],
    ["{DateTime:yy M d H h:mm tt 'at' ddd MMMM fff K zzz}", '26 3 1 8 8:05 AM at Sun March 040 Z +00:00'],
    ['{sys.utcnow}', '2026-03-01T08-05-09Z'],
    ['{sys.MethodName}', 'f'],
    ['a/{{b}}', 'a/{b}'],
    ['{USER.Id}-{n}', 'u-1'],
  ])('%s gives %s', (text, resolved) => {
    expect(resolve(text, { user: { id: 'u' }, N: 1 })).toBe(resolved)
  })
  test('makes a new guid each time, in the format asked for', () => {
    const [first, second] = [resolve('{rand-guid}'), resolve('{rand-guid}')]
    expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(second).not.toBe(first)
    expect(resolve('{rand-guid:B}')).toMatch(/^\{.{36}\}$/)
    expect(() => resolve('{rand-guid:Q}')).toThrow('Format of {rand-guid} must be D, N, B or P')
  })
  test('names what has no value, or none that is a text', () => {
    expect(() => resolve('{id}')).toThrow("No value for named parameter 'id'.")
    expect(() => resolve('{user.id}', { user: {} })).toThrow("Error while accessing 'id': property doesn't exist.")
    expect(() => resolve('{user}', { user: {} })).toThrow('{user} must be a text or a number: current value is {}')
  })
})

describe('bindingDataOf()', () => {
  test('of HTTP puts the route before the query before the body, and leaves the key out', () => {
    const http = {
      body: { bytes: Buffer.from('{"a":"body","B":"body","c":"body","d":"body"}') },
      query: { b: 'query', c: 'query', code: 'secret' },
      params: { C: 'route' },
      headers: { h: '1' },
    }
    expect(bindingDataOf({ http })).toEqual({
      ...{ a: 'body', b: 'query', C: 'route', d: 'body' },
      query: http.query,
      headers: http.headers,
    })
  })
  test('of a message puts its own properties before the metadata', () => {
    const metadata = {
      Id: { string: 'meta' },
      DequeueCount: { json: '1' },
      SequenceNumber: { int: { low: 3, high: 1, unsigned: false } },
    }
    expect(bindingDataOf({ string: '{"id":"own"}' }, metadata)).toEqual({
      ...{ id: 'own', DequeueCount: 1, SequenceNumber: 2 ** 32 + 3 },
    })
    expect(bindingDataOf({ string: '{broken' })).toEqual({})
  })
})
