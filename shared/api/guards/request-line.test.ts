import { expect, test } from 'vitest'
import { apiRequest } from '../../../tests/api-request.ts'
import { countingEndpoint } from '../../../tests/guarded.ts'
import { handler } from '../handle.ts'
import { requestLine } from './request-line.ts'

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const call = (path: string) =>
  handler(countingEndpoint().endpoint, [requestLine], log)({ ...apiRequest(), url: `http://127.0.0.1${path}` })

test.each(['/count', '/count?limit=1', '/count?a=1&b=1&c', `/count?q=${'x'.repeat(8000)}`])(
  '%.20s is answered',
  async path => {
    expect((await call(path)).status).toBe(200)
  },
)

test.each([
  ['/count?limit=1&limit=2', 'limit'],
  ['/count?limit=1&x=2&LIMIT=1', 'LIMIT'],
  ['/count?limit=1&%6Cimit=1', 'limit'],
])('%s is refused by the parameter that is given twice', async (path, field) => {
  const { status, body } = await call(path)
  expect([status, JSON.parse(String(body))]).toMatchObject([
    400,
    { code: 'invalid_query', errors: [{ code: 'repeated', field }] },
  ])
})

test('a URL of more than 8,192 characters is 414', async () => {
  expect((await call(`/count?q=${'x'.repeat(8192)}`)).status).toBe(414)
})
