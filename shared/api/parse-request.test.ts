import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answeringShop, apiOver } from '../../tests/api-by-hand.ts'
import { apiRequest } from '../../tests/api-request.ts'
import { bodyLimitOf, fieldNames, parseRequest } from './parse-request.ts'

describe('a body', () => {
  const schemas = { body: z.strictObject({ a: z.number().optional() }) }
  const sent = (type: string) => apiRequest({ body: { a: 1 }, headers: { 'content-type': type } })

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/merge-patch+json',
  ])('of type %s is read', async type => {
    expect((await parseRequest(schemas, sent(type))).body).toEqual({ a: 1 })
  })

  test.each([
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonp',
    '',
  ])('of type "%s" is refused', async type => {
    await expect(parseRequest(schemas, sent(type))).rejects.toThrow(
      expect.objectContaining({ code: 'unsupported_media_type' }),
    )
  })

  test('that is empty needs no type', async () => {
    expect((await parseRequest(schemas, apiRequest())).body).toEqual({})
  })
})

test('parameters nobody knows are all named, with the name that was meant', async () => {
  const query = z.object({ limit: z.string().optional() }).refine(() => true)
  await expect(parseRequest({ query }, apiRequest({ query: { Limit: '1', x: '2' } }))).rejects.toThrow(
    expect.objectContaining({
      code: 'invalid_query',
      errors: [
        { code: 'unknown', field: 'Limit', value: '1', reason: 'is not known here: did you mean limit?' },
        { code: 'unknown', field: 'x', value: '2', reason: 'is not known here' },
      ],
    }),
  )
})

test('the parameters of every route are known by name', async () => {
  const { all } = apiOver(await answeringShop())
  const withQuery = Object.values(all).flatMap(({ input }) => (input.query ? [input.query] : []))
  expect(withQuery.length).toBeGreaterThan(5)
  for (const query of withQuery) expect(fieldNames(query)).not.toEqual([])
})

test('no route takes a larger body than the platform lets through, which reads bodies before any guard', async () => {
  const { all } = apiOver(await answeringShop())
  const sample = z
    .object({ Values: z.object({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: z.coerce.number() }) })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../local.settings.sample.json'), 'utf8')))
  const largest = Math.max(...Object.values(all).map(({ input }) => bodyLimitOf(input)))
  expect(sample.Values.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).toBe(largest)
})
