import { gzipSync } from 'node:zlib'
import { HttpRequest } from '@azure/functions'
import { describe, expect, test } from 'vitest'
import { apiRequest } from './http.ts'

const url = 'http://127.0.0.1/api/interactions?limit=1'
const received = (headers: Record<string, string> = {}, bytes: Uint8Array = Buffer.from('{}')) =>
  apiRequest(new HttpRequest({ url, method: 'POST', headers, body: { bytes } }), { alias: undefined, proxies: 1 })

describe('a request', () => {
  test('has the address that the platform’s front end appended, and the name its sender gave it', () => {
    const request = received({ 'x-forwarded-for': '10.0.0.1, 203.0.113.7:4711', 'x-request-id': 'order-7' })
    expect(request).toMatchObject({
      address: '203.0.113.7',
      id: 'order-7',
      query: { limit: '1' },
      caller: { kind: 'anonymous' },
    })
  })

  test('has a name of its own where its sender gave none', () => {
    expect(received().id).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a body', () => {
  test('is given as often as it is asked for', async () => {
    const request = received()
    const bodies = [await request.body(2), await request.body(2)]
    expect(bodies.map(body => Buffer.from(body).toString())).toEqual(['{}', '{}'])
  })

  test.each([
    ['by the length it announces, unread', { 'content-length': '1000001' }, 1],
    ['by the bytes it has, whatever it announces', { 'content-length': '1' }, 1_000_001],
    ['by the bytes it has, where it announces nothing', {}, 1_000_001],
  ])('over the limit is refused %s', async (_, headers, bytes) => {
    const request = received(headers, Buffer.alloc(bytes, ' '))
    await expect(request.body(1_000_000)).rejects.toMatchObject({ code: 'body_too_large' })
  })

  test.each(['gzip', 'br', 'identity, gzip'])(
    'that is compressed (%s) is refused before it is looked at',
    async encoding => {
      const bomb = gzipSync(Buffer.alloc(50_000_000))
      await expect(received({ 'content-encoding': encoding }, bomb).body(1_000_000)).rejects.toMatchObject({
        code: 'unsupported_media_type',
      })
    },
  )

  test('is empty where there is none', async () => {
    const request = new HttpRequest({ url, method: 'POST' })
    expect(await apiRequest(request, { alias: undefined, proxies: 1 }).body(1)).toHaveLength(0)
  })
})
