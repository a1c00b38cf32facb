import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, hostUnderTest } from './host-under-test.ts'
import { type RawAnswer, rawRequest } from './raw-request.ts'

const rule = contract({
  output: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-output',
  node: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node',
  cookies: 'https://github.com/dotnet/aspnetcore/blob/main/src/Http/Http/src/Internal/ResponseCookies.cs',
  nullBody: 'https://github.com/Azure/azure-functions-nodejs-library/issues/458',
  invocation:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Middleware/FunctionInvocationMiddleware.cs',
  hooks: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node#hooks',
})

let host: HostUnderTest
beforeAll(async () => {
  host = await hostUnderTest()
})
afterAll(() => host.close())

/** What the client receives when a function answers this. */
async function answer(response: object): Promise<RawAnswer> {
  const body = JSON.stringify(response)
  const headers = { 'content-length': String(Buffer.byteLength(body)) }
  return rawRequest(host.url, { method: 'POST', path: '/api/answer', headers, body })
}
const cookie = async (attributes: object) => {
  const { headers } = await answer({ cookies: [{ name: 'seen', value: 'yes', ...attributes }] })
  return headers['set-cookie']?.map(one => one.toLowerCase())
}

rule('node', 'status and headers are those the function returned', async () => {
  const { status, headers } = await answer({ status: 418, headers: { 'X-Pot': 'tea' } })
  expect([status, headers['x-pot']]).toEqual([418, ['tea']])
})
rule('node', 'a status not given is 200', async () => {
  expect((await answer({ body: 'done' })).status).toBe(200)
})
rule('node', 'jsonBody is sent as JSON with its content type', async () => {
  const { body, headers } = await answer({ jsonBody: { price: 5 } })
  expect([JSON.parse(body), headers['content-type']?.[0]]).toEqual([{ price: 5 }, 'application/json'])
})
rule('node', 'a content type of the function goes before that of jsonBody', async () => {
  const { headers } = await answer({ jsonBody: {}, headers: { 'content-type': 'application/problem+json' } })
  expect(headers['content-type']).toEqual(['application/problem+json'])
})
rule('node', 'a text is sent in UTF-8 with its length in bytes', async () => {
  const { body, headers } = await answer({ body: 'é' })
  expect([body, headers['content-type']?.[0]]).toEqual(['é', 'text/plain;charset=UTF-8'])
  expect(headers['content-length']?.[0] ?? '2').toBe('2')
})
rule('node', 'bytes are sent as they are', async () => {
  const response = await host.call('/api/answer', {
    method: 'POST',
    body: JSON.stringify({ bodyBase64: 'AP+A', headers: { 'content-type': 'image/png' } }),
  })
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255, 128]))
  expect(response.headers.get('content-type')).toBe('image/png')
})
rule('output', 'a function that returns nothing answers 204 without a body', async () => {
  const { status, body } = await rawRequest(host.url, { path: '/api/nothing' })
  expect([status, body]).toEqual([204, ''])
})
rule('nullBody', 'a body of a 204 or 304 is left out', async () => {
  const answers = await Promise.all([204, 304].map(status => answer({ status, body: 'never sent' })))
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [204, ''],
    [304, ''],
  ])
})
rule('invocation', 'a function that throws answers 500, without a word of the error', async () => {
  const { status, body } = await rawRequest(host.url, { path: '/api/throws' })
  expect([status, body]).toEqual([500, ''])
})
rule('node', 'a function that returns a text instead of an answer answers 500', async () => {
  expect((await rawRequest(host.url, { path: '/api/answer-text' })).status).toBe(500)
})
rule('node', 'an answer with a status that HTTP does not have is a 500', async () => {
  expect((await answer({ status: 999 })).status).toBe(500)
})
rule('node', 'the answer to HEAD has the headers of the answer and no body', async () => {
  const { status, body, headers } = await rawRequest(host.url, { method: 'HEAD', path: '/api/inspect' })
  expect([status, body, headers['x-method']]).toEqual([200, '', ['HEAD']])
})
rule('cookies', 'a cookie without attributes has the path /', async () => {
  expect(await cookie({})).toEqual(['seen=yes; path=/'])
})
rule('cookies', 'a cookie carries all its attributes', async () => {
  const all = { domain: 'shop.example', path: '/cart', maxAge: 60, secure: true, httpOnly: true, sameSite: 'Strict' }
  expect(await cookie(all)).toEqual([
    'seen=yes; max-age=60; domain=shop.example; path=/cart; secure; samesite=strict; httponly',
  ])
})
rule('cookies', 'a cookie expires at the second it was given', async () => {
  const [text] = (await cookie({ expires: '2030-01-02T03:04:05Z' })) ?? []
  expect(text).toBe('seen=yes; expires=wed, 02 jan 2030 03:04:05 gmt; path=/')
})
rule('cookies', 'sameSite None is sent, and none given is not', async () => {
  expect(await cookie({ sameSite: 'None' })).toEqual(['seen=yes; path=/; samesite=none'])
  expect(await cookie({ sameSite: 'Lax' })).toEqual(['seen=yes; path=/; samesite=lax'])
})
rule('cookies', 'the value of a cookie is escaped, and several cookies are several headers', async () => {
  const cookies = [
    { name: 'a', value: 'b c;(d)' },
    { name: 'e', value: '' },
  ]
  expect((await answer({ cookies })).headers['set-cookie']).toEqual(['a=b%20c%3B%28d%29; path=/', 'e=; path=/'])
})
rule('hooks', 'a hook behind the function may change the answer', async () => {
  expect((await host.call('/api/ping')).headers.get('x-hooked')).toBe('yes')
})
