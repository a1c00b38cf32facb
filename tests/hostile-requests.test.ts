import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { TestAppHost } from '../local/host/test-app-host.ts'
import { AuditList } from '../shared/schemas/audit.ts'
import { startGuardedApp } from './guarded-app/start.ts'

let host: TestAppHost
beforeAll(async () => {
  host = await startGuardedApp({ ADDRESS_REQUESTS_PER_SECOND: '3', ADDRESS_REFUSALS_PER_SECOND: '3' })
}, 60_000)
afterAll(() => host.drain())

const json = { 'content-type': 'application/json' }
const ask = (path: string, { role = 'writer', ...init }: RequestInit & { role?: string } = {}) =>
  fetch(`${host.url}${path}`, {
    ...init,
    headers: { 'x-role': role, ...Object.fromEntries(new Headers(init.headers)) },
  })
const order = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
  ask('/order', { method: 'POST', body, headers })
const codeOf = async (answer: Response) => [
  answer.status,
  z.object({ code: z.string() }).parse(await answer.json()).code,
]

describe('a body that would cost more than it may', () => {
  const mebibyte = 1024 * 1024
  const bombs: [string, Uint8Array<ArrayBuffer>, Record<string, string>, number, string | undefined][] = [
    ['100,000 levels deep', Buffer.from('['.repeat(100_000)), json, 400, 'invalid_body'],
    ['of half a million empty objects', Buffer.from(`[${'{},'.repeat(349_000)}{}]`), json, 400, 'invalid_body'],
    ['over the route’s limit', Buffer.alloc(mebibyte + 1, ' '), json, 413, 'body_too_large'],
    ['over the host’s limit', Buffer.alloc(50 * mebibyte, ' '), json, 413, undefined],
    [
      'of 200 MB, compressed',
      gzipSync(Buffer.alloc(200 * mebibyte)),
      { ...json, 'content-encoding': 'gzip' },
      415,
      'unsupported_media_type',
    ],
    ['of no UTF-8', Buffer.alloc(mebibyte, 0xff), json, 400, 'invalid_body'],
    ['that is no JSON', Buffer.alloc(mebibyte, '"'), json, 400, 'invalid_body'],
    ['that is sent as text', Buffer.from('{}'), { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['that would change all objects', Buffer.from('{"__proto__":{"role":"admin"}}'), json, 400, 'invalid_body'],
  ]

  test.each(bombs)('%s is refused', async (_, body, headers, status, code) => {
    // A body that is cut off while it is sent may break the connection before the answer is read.
    const answer = await order(body, headers).catch(() => undefined)
    if (answer === undefined) expect(code).toBeUndefined()
    else if (code === undefined) expect(answer.status).toBe(status)
    else expect(await codeOf(answer)).toEqual([status, code])
  })

  test('leaves nothing behind: less than 20 MB after ten of each', async () => {
    const held = async () => z.object({ bytes: z.number() }).parse(await (await ask('/memory')).json()).bytes
    await order('{}')
    const before = await held()
    for (let round = 0; round < 10; round++) {
      for (const [, body, headers] of bombs)
        await order(body, headers).then(
          answer => answer.text(),
          () => undefined,
        )
    }
    expect((await held()) - before).toBeLessThan(20e6)
  }, 60_000)

  test('is not waited for beyond what was announced', async () => {
    const { hostname, port } = new URL(host.url)
    const socket = connect(Number(port), hostname)
    socket.write('POST /order HTTP/1.1\r\nhost: x\r\nx-role: writer\r\ncontent-length: 99999999\r\n\r\n[[[[')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })
})

test('headers of 15 KiB are read, of 16 KiB the server itself refuses', async () => {
  const statusOf = async (bytes: number) => {
    const { status } = await ask('/tea', { role: 'reader', headers: { 'x-cookie': 'c'.repeat(bytes) } })
    return status
  }
  expect([await statusOf(15 * 1024), await statusOf(16 * 1024)]).toEqual([200, 431])
})

describe('every answer', () => {
  test.each([
    ['/tea', 200],
    ['/tea?limt=1', 400],
    ['/tea?limit=1&limit=2', 400],
    [`/tea?limit=${'x'.repeat(9000)}`, 414],
  ])('of %.30s is %i and has the headers that keep browsers from misusing it', async (path, status) => {
    const answer = await ask(path, { role: 'reader', headers: { 'x-request-id': 'monday-7' } })
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'x-content-type-options': 'nosniff', 'x-request-id': 'monday-7', 'referrer-policy': 'no-referrer' },
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  test('of what is stored is 304 to who has it', async () => {
    const first = await ask('/tea', { role: 'reader' })
    const again = await ask('/tea', { role: 'reader', headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })
})

test('an order that is sent ten times under one key is taken once', async () => {
  const headers = { ...json, 'idempotency-key': 'order-7' }
  const first = await order('{"item":"tea"}', headers)
  const taken = await first.json()
  for (let repeat = 0; repeat < 9; repeat++) {
    const answer = await order('{"item":"tea"}', headers)
    expect([answer.status, answer.headers.get('idempotency-replayed'), await answer.json()]).toEqual([
      201,
      'true',
      taken,
    ])
  }
  expect(await codeOf(await order('{"item":"ink"}', headers))).toEqual([422, 'idempotency_key_reused'])
})

test('what an administrator did, and who else tried, is in the audit log with the address', async () => {
  expect((await ask('/shop/closed', { method: 'PUT', role: 'admin' })).status).toBe(200)
  expect((await ask('/shop/closed', { method: 'PUT', role: 'writer' })).status).toBe(403)
  const { items } = AuditList.parse(await (await ask('/api/audit', { role: 'admin' })).json())
  expect(items.map(({ type, status, address }) => [type, status, address])).toEqual([
    ['refused', 403, '127.0.0.1'],
    ['outcome', 200, '127.0.0.1'],
    ['intent', undefined, '127.0.0.1'],
  ])
})

test('an address that cannot say who it is for long is not listened to for a while', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 60; n++) statuses.push((await ask('/tea', { role: 'nobody' })).status)
  expect(new Set(statuses)).toEqual(new Set([401, 429]))
  const refused = await ask('/tea', { role: 'reader' })
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 1])
})
