import { describe, expect, test, vi } from 'vitest'
import { Sidecart, SidecartError } from './sidecart.ts'

interface Sent {
  url: string
  method: string
  headers: Headers
  body: unknown
}

/** A client whose requests are answered in turn, the last answer for good; an Error is a network that failed. */
function clientOf(answers: readonly (Response | Error)[], options: { token?: () => string; key?: string } = {}) {
  const sent: Sent[] = []
  const send: typeof fetch = async (url, init) => {
    sent.push({
      ...{ url: String(url), method: init?.method ?? '', headers: new Headers(init?.headers) },
      body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
    })
    init?.signal?.throwIfAborted()
    const answer = answers[Math.min(sent.length, answers.length) - 1]
    if (answer instanceof Response) return answer.clone()
    throw answer ?? new Error('nothing to answer')
  }
  return { sent, sidecart: new Sidecart({ url: 'https://shop.example/', fetch: send, ...options }) }
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json({ detail: 'No', code, errors: [{ code: 'invalid', field: 'limit', value: 0, reason: 'must be 1' }] }, status, {
    ...{ 'content-type': 'application/problem+json', 'x-request-id': 'r1' },
    ...headers,
  })
const soon = { 'retry-after': '0' }

describe('a request', () => {
  test('has its fields in the path and the query, escaped, and says who asks', async () => {
    const { sent, sidecart } = clientOf([json({ items: [] })], { token: () => 'abc' })
    await sidecart.recommendUser({ id: 'anna & co', limit: 5, filter: 'price < 5' })
    await sidecart.recommendCart({ items: ['a,b', 'c'] })
    expect(sent.map(({ url }) => url)).toEqual([
      'https://shop.example/recommend/user/anna%20%26%20co?limit=5&filter=price%20%3C%205',
      'https://shop.example/recommend/cart?items=a%2Cb,c',
    ])
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer abc')
  })

  test('that changes something has a key of its own, the same whenever it is sent again', async () => {
    const { sent, sidecart } = clientOf([problem(503, 'unavailable', soon), json({}, 202)], { key: 'k' })
    await sidecart.interactions({ body: { event_type: 'view', item_id: 'pen', user_id: 'anna' } })
    await sidecart.interactions({ body: { event_type: 'view' } }, { idempotencyKey: 'mine' })
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0], 'mine'])
    expect(sent[0]).toMatchObject({ method: 'POST', body: { event_type: 'view', item_id: 'pen', user_id: 'anna' } })
    expect(sent[0]?.headers.get('x-api-key')).toBe('k')
  })
})

describe('a refusal', () => {
  test('is a SidecartError with code, status, findings and the request’s id', async () => {
    const { sent, sidecart } = clientOf([problem(400, 'invalid_query')])
    const error = await sidecart.trending({ limit: 0 }).catch(cause => cause)
    expect(error).toBeInstanceOf(SidecartError)
    expect(error).toMatchObject({ code: 'invalid_query', status: 400, requestId: 'r1', errors: [{ field: 'limit' }] })
    expect(sent).toHaveLength(1)
  })

  test('that is no problem of the API says what came instead', async () => {
    const { sidecart } = clientOf([new Response('<h1>Bad gateway</h1>', { status: 502 })])
    await expect(sidecart.models()).rejects.toMatchObject({ code: 'no_problem', status: 502 })
  })

  test('is sent again when it says to come back, three times in all', async () => {
    const { sent, sidecart } = clientOf([problem(429, 'too_many_requests', soon)])
    await expect(sidecart.trending()).rejects.toMatchObject({ code: 'too_many_requests' })
    expect(sent).toHaveLength(3)
  })

  test('is awaited as long as retry-after says', async () => {
    vi.useFakeTimers()
    const { sent, sidecart } = clientOf([
      problem(429, 'too_many_requests', { 'retry-after': '2' }),
      json({ items: [] }),
    ])
    const answered = sidecart.trending()
    await vi.advanceTimersByTimeAsync(1_900)
    expect(sent).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    await answered
    expect(sent).toHaveLength(2)
    vi.useRealTimers()
  })
})

describe('a network that fails', () => {
  test('is tried again for what does no harm, and told when it does not come back', async () => {
    const { sent, sidecart } = clientOf([new Error('reset'), json({ items: [] })])
    await sidecart.models()
    expect(sent).toHaveLength(2)
    const gone = clientOf([new Error('reset')]).sidecart
    await expect(gone.models()).rejects.toMatchObject({
      code: 'unreachable',
      status: 0,
      message: expect.stringContaining('reset'),
    })
  })

  test('is not tried again for a patch, which may have got through', async () => {
    const { sent, sidecart } = clientOf([new Error('reset')])
    await expect(sidecart.productPatch({ id: 'pen', body: { price: 1 } })).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(sent).toHaveLength(1)
  })
})

test('a call ends when it is aborted, and when it takes too long', async () => {
  const { sidecart } = clientOf([problem(429, 'too_many_requests', { 'retry-after': '60' })])
  await expect(sidecart.trending({}, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' })
  const aborted = AbortSignal.abort(new Error('the shopper left'))
  await expect(sidecart.trending({}, { signal: aborted })).rejects.toThrow('the shopper left')
})

test('a shop that is not ready answers all the same, and headers can be seen', async () => {
  const { sidecart } = clientOf([json({ ready: false }, 503, { 'x-request-id': 'r2' })])
  const seen: (string | null)[] = []
  const onAnswer = ({ headers }: { headers: Headers }) => void seen.push(headers.get('x-request-id'))
  expect(await sidecart.health({ onAnswer })).toMatchObject({ ready: false })
  expect(seen).toEqual(['r2'])
})
