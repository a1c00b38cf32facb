import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Call } from '../../../tests/api-request.ts'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { guarded } from '../../../tests/guarded.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { access } from '../access.ts'
import type { Caller } from '../caller.ts'
import { type Answer, type Endpoint, endpoint } from '../endpoint.ts'
import type { ApiAnswer } from '../request.ts'
import { idempotency } from './idempotency.ts'

const key = { 'idempotency-key': 'k-1' }
const anna: Caller = { kind: 'shopper', userId: 'anna-of-the-shop' }
const secret = 'a secret of sixteen'

interface Order {
  item: string
}

/** Takes orders, and counts how often it did. */
function orders(
  ports: Ports,
  of: { run?: (order: Order) => Promise<Answer<unknown>>; endpoint?: Partial<Endpoint> } = {},
) {
  const taken: string[] = []
  const order = endpoint({
    ...{ name: 'order', method: 'POST', path: '/order/{shop}', access: access.catalogue, group: 'events', summary: '' },
    status: 201,
    input: { path: z.object({ shop: z.string().optional() }), body: z.strictObject({ item: z.string() }) },
    output: z.object({ number: z.int(), item: z.string() }),
    run: async ({ body }) => {
      taken.push(body.item)
      await of.run?.(body)
      return { headers: { location: `/order/${taken.length}` }, body: { number: taken.length, item: body.item } }
    },
  })
  return { taken, post: guarded({ ...order, ...of.endpoint }, idempotency({ ports, secret })) }
}

const ofTea = (call: Call = {}): Call => ({ body: { item: 'tea' }, headers: key, caller: anna, ...call })
const code = ({ status, body }: ApiAnswer) => [status, JSON.parse(String(body)).code]

describe('a POST with an idempotency key', () => {
  test('is done once, and its repeats get the same answer', async () => {
    const { post, taken } = orders(memoryPorts())
    const first = await post(ofTea())
    expect(first).toMatchObject({ status: 201, headers: { location: '/order/1' } })
    expect(first.headers).not.toHaveProperty('idempotency-replayed')
    for (let repeat = 0; repeat < 3; repeat++) {
      expect(await post(ofTea())).toEqual({ ...first, headers: { ...first.headers, 'idempotency-replayed': 'true' } })
    }
    expect(taken).toEqual(['tea'])
  })

  test.each<[string, Call]>([
    ['another body', { body: { item: 'ink' } }],
    ['another path', { path: { shop: 'b' } }],
    ['the same in other bytes', { body: '{ "item": "tea" }' }],
  ])('is refused when it comes with %s', async (_, other) => {
    const { post, taken } = orders(memoryPorts())
    await post(ofTea())
    expect(code(await post(ofTea(other)))).toEqual([422, 'idempotency_key_reused'])
    expect(taken).toEqual(['tea'])
  })

  test.each<[string, Call]>([
    ['another key', { headers: { 'idempotency-key': 'k-2' } }],
    ['another caller', { caller: { kind: 'shopper', userId: 'bert' } }],
    [
      'a service of the shopper’s name',
      { caller: { kind: 'service', id: 'anna-of-the-shop', name: '', roles: new Set(['writer']) } },
    ],
    ['no key at all', { headers: {} }],
  ])('has nothing to do with the same of %s', async (_, other) => {
    const { post, taken } = orders(memoryPorts())
    await post(ofTea())
    expect((await post(ofTea(other))).status).toBe(201)
    expect(taken).toEqual(['tea', 'tea'])
  })

  test('is told to wait while the first is at work', async () => {
    const work = Promise.withResolvers<Answer<unknown>>()
    const { post, taken } = orders(memoryPorts(), { run: () => work.promise })
    const first = post(ofTea())
    const second = await post(ofTea())
    expect(code(second)).toEqual([409, 'request_in_progress'])
    expect(second.headers['retry-after']).toBe('2')
    work.resolve({ body: {} })
    expect((await first).status).toBe(201)
    expect((await post(ofTea())).headers['idempotency-replayed']).toBe('true')
    expect(taken).toEqual(['tea'])
  })

  test('is done by one of fifty that come at once', async () => {
    const { post, taken } = orders(memoryPorts())
    const statuses = (await Promise.all(Array.from({ length: 50 }, () => post(ofTea())))).map(({ status }) => status)
    expect(taken).toEqual(['tea'])
    expect(statuses.filter(status => status === 201).length).toBeGreaterThanOrEqual(1)
    expect(new Set(statuses)).toEqual(new Set([201, 409]))
  })

  test('may be sent again where it was refused or broke', async () => {
    const troubles = [new AppError('job_running', 'Later'), new Error('broken')]
    const run = async () => {
      const trouble = troubles.shift()
      if (trouble) throw trouble
      return { body: {} }
    }
    const { post } = orders(memoryPorts(), { run })
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) statuses.push((await post(ofTea())).status)
    expect(statuses).toEqual([409, 500, 201, 201])
  })

  test('goes on after four minutes where the instance that began it is gone', async () => {
    const ports = memoryPorts()
    const never = orders(ports, { run: () => new Promise(() => undefined) })
    void never.post(ofTea())
    const { post } = orders(ports)
    await new Promise(setImmediate)
    ports.advance(240_000)
    expect((await post(ofTea())).status).toBe(409)
    ports.advance(1)
    expect((await post(ofTea())).status).toBe(201)
  })

  test('is done once where its answer shows a secret, which is kept nowhere', async () => {
    const { post, taken } = orders(memoryPorts(), { endpoint: { showsSecret: true } })
    expect((await post(ofTea())).status).toBe(201)
    const repeat = await post(ofTea())
    expect([...code(repeat), String(repeat.body).includes('tea')]).toEqual([409, 'already_exists', false])
    expect(taken).toEqual(['tea'])
  })

  test('is forgotten after a day', async () => {
    const ports = memoryPorts()
    const { post, taken } = orders(ports)
    await post(ofTea())
    ports.advance(86_400_000)
    await post(ofTea())
    expect(taken).toEqual(['tea', 'tea'])
  })
})

test.each(['', 'a b', 'x'.repeat(256), 'schlüssel'])('the key "%.20s" is refused', async given => {
  const { post, taken } = orders(memoryPorts())
  expect(code(await post(ofTea({ headers: { 'idempotency-key': given } })))).toEqual([400, 'invalid_header'])
  expect(taken).toEqual([])
})

test('a POST that only asks, and what is no POST, take no notice of keys', async () => {
  for (const of of [{ isSafe: true }, { method: 'PUT' }] as const) {
    const { post, taken } = orders(memoryPorts(), { endpoint: of })
    await post(ofTea())
    await post(ofTea())
    expect(taken).toEqual(['tea', 'tea'])
  }
})

describe('the store', () => {
  const kept = async (ports: MemoryPorts) => {
    const found: unknown[] = []
    for await (const page of ports.documents.query(collections.keptRequests, {})) found.push(...page)
    return JSON.stringify(found)
  }

  test('names neither caller nor key nor answer', async () => {
    const ports = memoryPorts()
    await orders(ports).post(ofTea())
    expect(await kept(ports)).toContain('"answer":')
    for (const text of ['anna-of', 'k-1', '"number"', '/order']) expect(await kept(ports)).not.toContain(text)
  })

  test('that cannot be reached lets nothing begin', async () => {
    const ports = interceptedPorts(memoryPorts(), async () => Promise.reject(new Error('gone')))
    const { post, taken } = orders(ports)
    expect(code(await post(ofTea()))).toEqual([503, 'unavailable'])
    expect((await post(ofTea({ headers: {} }))).status).toBe(201)
    expect(taken).toEqual(['tea'])
  })

  test('that is lost in between leaves the answer to the caller', async () => {
    const ports = interceptedPorts(memoryPorts(), (operation, name) =>
      name.startsWith('documents.create') ? operation() : Promise.reject(new Error('gone')),
    )
    const { post } = orders(ports)
    expect((await post(ofTea())).status).toBe(201)
    expect(code(await post(ofTea()))).toEqual([503, 'unavailable'])
  })
})
