import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, streamHostUnderTest } from './host-under-test.ts'
import { answerOf, openRequest } from './raw-request.ts'

const rule = contract({
  streams: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-streams',
  proxy:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/Server/DefaultHttpProxyService.cs',
  library: 'https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/src/http/HttpRequest.ts',
  trigger: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger',
  settings: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook',
})

let host: HostUnderTest
beforeAll(async () => {
  host = await streamHostUnderTest()
})
afterAll(() => host.close())

const megabyte = 1_048_576
const order = (path: string) => host.call(path, { method: 'POST' })
const seen = async (gate: string) => (await host.call(`/api/seen?gate=${gate}`)).text()

/** Writes chunks as fast as the connection takes them; resolves once all are written. */
async function pour(request: ClientRequest, chunk: Buffer, chunks: number): Promise<void> {
  for (let index = 0; index < chunks; index++) if (!request.write(chunk)) await once(request, 'drain')
}

rule('library', 'a function reads method, URL, parameters, query and headers of a streamed request', async () => {
  const headers = { 'x-test': 'yes', cookie: 'a=b' }
  const init = { method: 'PUT', headers, body: 'streamed' }
  const response = await host.call('/api/inspect/a%20b?tag=1&tag=2', init)
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({
    method: 'PUT',
    url: `${host.url}/api/inspect/a%20b?tag=1&tag=2`,
    params: { first: 'a b' },
    tags: ['1', '2'],
    headers: { 'x-test': 'yes', cookie: 'a=b' },
    body: 'streamed',
  })
})
rule('proxy', 'the answer carries the id of its invocation, and the cookies', async () => {
  const response = await host.call('/api/inspect')
  expect(response.headers.get('x-ms-invocation-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(response.headers.getSetCookie()).toEqual(['seen=yes; Path=/'])
  await response.text()
})
rule('streams', 'a body of 64 MB of unannounced length reaches the function byte for byte', async () => {
  const request = openRequest(host.url, { method: 'POST', path: '/api/digest' })
  const answer = answerOf(request)
  const chunk = Buffer.alloc(megabyte, 5)
  await pour(request, chunk, 64)
  request.end()
  const hash = createHash('sha256')
  for (let index = 0; index < 64; index++) hash.update(chunk)
  expect(JSON.parse((await answer).body)).toEqual({ bytes: 64 * megabyte, sha256: hash.digest('hex') })
})
rule('streams', 'what a function sends arrives before it has ended', async () => {
  const gate = randomUUID()
  const response = await host.call(`/api/pour?chunks=2&bytes=10&gate=${gate}`)
  const reader = response.body?.getReader()
  expect((await reader?.read())?.value?.length).toBe(10)
  await order(`/api/open?gate=${gate}-0`)
  expect((await reader?.read())?.value?.length).toBe(10)
  await order(`/api/open?gate=${gate}-1`)
  expect((await reader?.read())?.done).toBe(true)
})
rule('streams', 'a function may answer from the request while it still arrives', async () => {
  const request = openRequest(host.url, { method: 'POST', path: '/api/mirror' })
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  request.write('one ')
  const [answer] = await answered
  expect(String((await once(answer, 'data'))[0])).toBe('one ')
  request.end('two')
  expect(String((await once(answer, 'data'))[0])).toBe('two')
})
rule('streams', 'an answer of 64 MB arrives whole', async () => {
  const response = await host.call(`/api/pour?chunks=64&bytes=${megabyte}`)
  let bytes = 0
  for await (const chunk of response.body ?? []) bytes += chunk.length
  expect(bytes).toBe(64 * megabyte)
})
rule('streams', 'a client waits while the function does not read', async () => {
  const gate = randomUUID()
  const request = openRequest(host.url, { method: 'POST', path: `/api/hold?gate=${gate}` })
  const answer = answerOf(request)
  const poured = pour(request, Buffer.alloc(megabyte), 64).then(() => request.end())
  await vi.waitFor(async () => expect(await seen(gate)).toBe('called'), 10_000)
  let written = -1
  await vi.waitFor(() => {
    const before = written
    written = request.socket?.bytesWritten ?? 0
    expect(written).toBe(before)
  }, 10_000)
  expect(written).toBeLessThan(40 * megabyte)
  await order(`/api/open?gate=${gate}`)
  await poured
  expect(JSON.parse((await answer).body)).toEqual({ bytes: 64 * megabyte })
})
rule('streams', 'a function that reads on learns that its client has gone', async () => {
  const gate = randomUUID()
  const request = openRequest(host.url, { method: 'POST', path: `/api/hold?gate=${gate}` })
  request.on('error', () => undefined)
  request.write('half of ')
  await vi.waitFor(async () => expect(await seen(gate)).toBe('called'), 10_000)
  request.destroy()
  await order(`/api/open?gate=${gate}`)
  await vi.waitFor(async () => expect(await seen(gate)).toMatch(/^broken off/), 10_000)
})
rule('streams', 'an answer need not wait for the request: what the function did not read is dropped', async () => {
  const request = openRequest(host.url, { method: 'POST', path: '/api/unread' })
  const answer = answerOf(request)
  // The host may close the connection under what is still being sent.
  request.on('error', () => undefined)
  pour(request, Buffer.alloc(megabyte), 4).then(
    () => request.end(),
    () => undefined,
  )
  expect(await answer).toMatchObject({ status: 409, body: 'not read' })
  request.destroy()
})
rule('trigger', 'a request without its key is refused before the function sees it', async () => {
  expect((await host.call('/api/guarded', { method: 'POST', body: 'secret' })).status).toBe(401)
})
rule('trigger', 'a body announced with more than 100 MB is refused with 413', async () => {
  const headers = { 'content-length': String(104_857_601), expect: '100-continue' }
  const request = openRequest(host.url, { method: 'POST', path: '/api/digest', headers })
  const answer = answerOf(request)
  request.flushHeaders()
  expect((await answer).status).toBe(413)
  request.destroy()
})
rule(
  'trigger',
  'a body that turns out to be more than 100 MB is refused with 413',
  async () => {
    const request = openRequest(host.url, { method: 'POST', path: '/api/digest' })
    const answer = answerOf(request)
    request.on('error', () => undefined)
    pour(request, Buffer.alloc(megabyte), 101).catch(() => undefined)
    expect((await answer).status).toBe(413)
    request.destroy()
  },
  30_000,
)
rule('settings', 'customHeaders of host.json are on every answer, unless the function sets them itself', async () => {
  const own = await host.call('/api/inspect')
  const none = await host.call('/api/unknown')
  expect([own.headers.get('x-content-type-options'), own.headers.get('x-shop')]).toEqual([
    'nosniff',
    'from the function',
  ])
  expect([none.status, none.headers.get('x-shop')]).toEqual([404, 'from host.json'])
  await own.text()
})
rule('settings', 'beyond maxOutstandingRequests of host.json requests are refused with 429', async () => {
  const requests = Array.from({ length: 8 }, () => openRequest(host.url, { method: 'POST', path: '/api/digest' }))
  const answers = requests.map(answerOf)
  const statuses: number[] = []
  for (const answer of answers) answer.then(({ status }) => statuses.push(status))
  for (const request of requests) request.on('error', () => undefined).write('begun')
  await vi.waitFor(() => expect(statuses).toEqual([429, 429, 429]), 10_000)
  for (const request of requests) request.end()
  await Promise.all(answers)
  expect(statuses).toEqual([429, 429, 429, 200, 200, 200, 200, 200])
})
rule('settings', 'beyond maxConcurrentRequests of host.json requests wait for their turn', async () => {
  const running = Array.from({ length: 3 }, () => openRequest(host.url, { method: 'POST', path: '/api/mirror' }))
  for (const request of running) {
    request.write('begun')
    const [answer]: IncomingMessage[] = await once(request, 'response')
    answer?.resume()
  }
  let isAnswered = false
  const waiting = host.call('/api/inspect').then(response => {
    isAnswered = true
    return response.text()
  })
  // The administration does not wait.
  expect((await host.call('/admin/host/ping')).status).toBe(200)
  expect(isAnswered).toBe(false)
  for (const request of running) request.end()
  expect(JSON.parse(await waiting)).toMatchObject({ method: 'GET' })
})
