import { Agent } from 'node:http'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, hostUnderTest } from './host-under-test.ts'
import { answerOf, openRequest, rawRequest } from './raw-request.ts'

const rule = contract({
  node: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node',
  trigger: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger',
  conversion:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/MessageExtensions/GrpcMessageConversionExtensions.cs',
  forwarded: 'https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips',
  chunked: 'https://github.com/Azure/azure-functions-nodejs-library/issues/171',
  getBody: 'https://github.com/Azure/azure-functions-nodejs-library/issues/458',
  repeatedQuery: 'https://github.com/Azure/azure-functions-nodejs-library/issues/168',
  expect: 'https://www.rfc-editor.org/rfc/rfc9110#name-expect',
  keepAlive: 'https://www.rfc-editor.org/rfc/rfc9112#name-persistence',
})

interface Inspected {
  method: string
  url: string
  query: Record<string, string>
  headers: Record<string, string>
  body: string
}

let host: HostUnderTest
beforeAll(async () => {
  host = await hostUnderTest()
})
afterAll(() => host.close())

async function inspect(request: Parameters<typeof rawRequest>[1]): Promise<Inspected> {
  const { status, body } = await rawRequest(host.url, request)
  expect(status).toBe(200)
  return JSON.parse(body)
}
const text = (base64: string) => Buffer.from(base64, 'base64').toString()

rule('node', 'the method is handed over, of HEAD as well', async () => {
  const answers = ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].map(method =>
    rawRequest(host.url, { method, path: '/api/inspect' }),
  )
  const methods = (await Promise.all(answers)).map(({ headers }) => headers['x-method']?.[0])
  expect(methods).toEqual(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
})
rule('node', 'the URL is handed over whole, as it was encoded', async () => {
  const path = '/api/inspect/a%20b/c?q=%C3%A9&r=1+2'
  expect((await inspect({ path })).url).toBe(`${host.url}${path}`)
})
rule('node', 'values of the query are decoded, with + as a blank', async () => {
  expect((await inspect({ path: '/api/inspect?q=%C3%A9&r=1+2&s' })).query).toEqual({ q: 'é', r: '1 2', s: '' })
})
rule('repeatedQuery', 'the values of a repeated name of the query arrive as one, joined by commas', async () => {
  expect((await inspect({ path: '/api/inspect?tag=a&tag=b' })).query).toEqual({ tag: 'a,b' })
})
rule('conversion', 'names of the query that differ in case only are one name', async () => {
  expect((await inspect({ path: '/api/inspect?Tag=a&tag=b' })).query).toEqual({ Tag: 'a,b' })
})
rule('conversion', 'the values of a repeated header arrive as one, joined by commas', async () => {
  const headers = { 'X-Tag': ['a', 'b'] }
  expect((await inspect({ path: '/api/inspect', headers })).headers['x-tag']?.replace(' ', '')).toBe('a,b')
})
rule('node', 'headers are handed over under names in lower case, an empty one too', async () => {
  const { headers } = await inspect({ path: '/api/inspect', headers: { 'X-Shop': 'Z', 'X-None': '' } })
  expect(headers).toMatchObject({ 'x-shop': 'Z', 'x-none': '' })
})
rule(
  'forwarded',
  'the client’s address and port come last in x-forwarded-for, behind what the client says',
  async () => {
    const last = /^(?:[\d.]+|\[[\da-f:.]+\]):\d+$/
    expect((await inspect({ path: '/api/inspect' })).headers['x-forwarded-for']).toMatch(last)
    const headers = { 'X-Forwarded-For': '203.0.113.7' }
    const [said, added] =
      (await inspect({ path: '/api/inspect', headers })).headers['x-forwarded-for']?.split(', ') ?? []
    expect([said, added]).toEqual(['203.0.113.7', expect.stringMatching(last)])
  },
)
rule('conversion', 'a body is handed over byte for byte', async () => {
  const body = new Uint8Array([0, 255, 128, 13, 10])
  const answer = await host.call('/api/bytes', { method: 'POST', body })
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body)
})
rule('node', 'a JSON body is handed over as it was written', async () => {
  const body = '{"a":  1, "b": "é"}'
  const { body: received, headers } = await inspect({
    method: 'POST',
    path: '/api/inspect',
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
    body,
  })
  expect([text(received), headers['content-type']]).toEqual([body, 'application/json'])
})
rule('conversion', 'a request without a body has an empty one', async () => {
  expect((await inspect({ method: 'POST', path: '/api/inspect', headers: { 'content-length': '0' } })).body).toBe('')
})
rule('chunked', 'a body of unannounced length arrives empty when the app has no HTTP streams', async () => {
  const request = openRequest(host.url, { method: 'POST', path: '/api/inspect' })
  const answer = answerOf(request)
  request.write('one ')
  request.end('two')
  expect(text(JSON.parse((await answer).body).body)).toBe('')
})
rule('getBody', 'the body of a GET is left out', async () => {
  const headers = { 'content-length': '4' }
  expect((await inspect({ path: '/api/inspect', headers, body: 'body' })).body).toBe('')
})
rule('trigger', 'a body of a megabyte is handed over whole', async () => {
  const body = new Uint8Array(1_048_576).fill(7)
  const answer = await host.call('/api/bytes', { method: 'POST', body })
  expect(Buffer.compare(new Uint8Array(await answer.arrayBuffer()), body)).toBe(0)
})
rule('trigger', 'a body of more than 100 MB is refused with 413', async () => {
  const headers = { 'content-length': String(104_857_601), expect: '100-continue' }
  const request = openRequest(host.url, { method: 'POST', path: '/api/bytes', headers })
  const answer = answerOf(request)
  request.flushHeaders()
  expect((await answer).status).toBe(413)
  request.destroy()
})
rule('expect', 'a client that waits for leave to send its body gets it', async () => {
  const headers = { 'content-length': '4', expect: '100-continue' }
  const request = openRequest(host.url, { method: 'POST', path: '/api/inspect', headers })
  const answer = answerOf(request)
  request.once('continue', () => request.end('body'))
  request.flushHeaders()
  expect(text(JSON.parse((await answer).body).body)).toBe('body')
})
rule('keepAlive', 'a connection serves one request after the other', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const reused: boolean[] = []
  for (let round = 0; round < 2; round++) {
    const request = openRequest(host.url, { path: '/api/ping', agent })
    const answer = answerOf(request)
    request.end()
    expect((await answer).status).toBe(200)
    reused.push(request.reusedSocket)
  }
  agent.destroy()
  expect(reused).toEqual([false, true])
})
