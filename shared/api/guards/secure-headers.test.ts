import { expect, test } from 'vitest'
import { countingEndpoint, guarded } from '../../../tests/guarded.ts'
import { anonymous } from '../caller.ts'
import { authorize } from '../handle.ts'
import { requestId } from '../request-id.ts'
import { secureHeaders } from './secure-headers.ts'

test.each([
  ['an answer', {}, 200],
  ['a refusal', { caller: anonymous }, 401],
])('%s says what browsers may do with it, and which request it answers', async (_, call, status) => {
  const answer = await guarded(countingEndpoint().endpoint, secureHeaders, authorize)(call)
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'a-request',
  })
})

test('a page sets its own policy and how long it may be kept', async () => {
  const page = { 'content-security-policy': "default-src 'self'", 'cache-control': 'max-age=60' }
  const { endpoint } = countingEndpoint({ run: async () => ({ headers: page, body: {} }) })
  expect((await guarded(endpoint, secureHeaders)()).headers).toMatchObject(page)
})

test.each([
  ['order-7:a.b_c', 'order-7:a.b_c'],
  [null, 'new'],
  ['', 'new'],
  ['a b', 'new'],
  ['<script>', 'new'],
  ['x'.repeat(65), 'new'],
])('the request that its sender calls %s is called %s', (given, id) => {
  expect(requestId({ get: () => given }, () => 'new')).toBe(id)
})
