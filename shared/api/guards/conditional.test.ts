import { expect, test } from 'vitest'
import { countingEndpoint, guarded } from '../../../tests/guarded.ts'
import { access } from '../access.ts'
import type { Endpoint } from '../endpoint.ts'
import { conditional } from './conditional.ts'

const stored = (of: Partial<Endpoint> = {}) =>
  guarded(
    countingEndpoint({ headers: ['etag'], run: async () => ({ body: { name: 'Tea' } }), ...of }).endpoint,
    conditional,
  )

test('who has the newest version is told so, and gets no body', async () => {
  const get = stored()
  const { headers, status } = await get()
  expect([status, headers['cache-control']]).toEqual([200, 'private, no-cache'])
  const { etag = '' } = headers
  expect(etag).toMatch(/^"[\w-]{22}"$/)
  for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await get({ headers: { 'if-none-match': tags } })
    expect(again).toEqual({ status: 304, headers: { 'cache-control': 'private, no-cache', etag }, body: '' })
  }
})

test('who has another version gets this one', async () => {
  const answer = await stored()({ headers: { 'if-none-match': '"other"' } })
  expect([answer.status, answer.body]).toEqual([200, '{"name":"Tea"}'])
})

test('the document’s own version goes before one made of the answer', async () => {
  const get = stored({ run: async () => ({ headers: { etag: '"v7"' }, body: {} }) })
  expect((await get({ headers: { 'if-none-match': '"v7"' } })).status).toBe(304)
})

test('what says something of a person is not to be kept', async () => {
  expect((await stored({ access: access.personal })()).headers).not.toHaveProperty('cache-control')
})

test('lists, which are made anew for every request, have no version', async () => {
  expect((await stored({ headers: [] })()).headers).not.toHaveProperty('etag')
})
