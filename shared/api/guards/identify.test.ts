import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { apiRequest } from '../../../tests/api-request.ts'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { collections } from '../../schemas/collections.ts'
import { NewKey } from '../../schemas/service-keys.ts'
import { access } from '../access.ts'
import { anonymous } from '../caller.ts'
import { endpoint } from '../endpoint.ts'
import { authorize, handler } from '../handle.ts'
import { createKey, deleteKey, listKeys } from '../routes/keys.ts'
import { challenge, identify } from './identify.ts'
import { KeyRing } from './key-ring.ts'

const ports = () => {
  const memory = memoryPorts()
  const at = { isAway: false, reads: 0 }
  const faulty = interceptedPorts(memory, operation => {
    at.reads += 1
    return at.isAway ? Promise.reject(new Error('Cosmos is away')) : operation()
  })
  return { memory, at, faulty: { ...memory, documents: faulty.documents } }
}

/** One instance of the app: who it takes a request to be from, and what it answers. */
function instance(of: ReturnType<typeof ports>) {
  const seen: unknown[] = []
  const route = endpoint({
    ...{ name: 'who', method: 'GET', path: '/who', group: 'service', summary: 'Who asks' },
    access: access.catalogue,
    output: z.unknown(),
    run: async (_, { caller }) => {
      seen.push(caller)
      return { body: {} }
    },
  })
  const guards = [challenge, identify({ ports: of.memory, keyRing: new KeyRing(of.faulty) }), authorize]
  const answer = handler(route, guards, of.memory.log)
  const ask = async (headers: Record<string, string>) => {
    const { status, headers: sent } = await answer(apiRequest({ headers, caller: anonymous }))
    return { status, challenge: sent['www-authenticate'], caller: seen.at(-1) }
  }
  return { ask }
}

async function newKey({ memory }: ReturnType<typeof ports>, body: object = {}) {
  const made = await handler(
    createKey({ ports: memory }),
    [],
    memory.log,
  )(apiRequest({ method: 'POST', body: { name: 'Till', roles: ['reader'], ...body } }))
  return NewKey.parse(JSON.parse(String(made.body)))
}
const takeBack = ({ memory }: ReturnType<typeof ports>, id: string) =>
  handler(deleteKey({ ports: memory }), [], memory.log)(apiRequest({ method: 'DELETE', path: { id } }))

describe('a service key', () => {
  test('opens what its roles open, and is stored without its secret', async () => {
    const of = ports()
    const { id, key } = await newKey(of)
    const { ask } = instance(of)
    expect(await ask({ 'x-api-key': key })).toMatchObject({
      ...{ status: 200, caller: { kind: 'service', id: `key:${id}`, name: 'Till', roles: new Set(['reader']) } },
    })
    const listed = await handler(listKeys({ ports: of.memory }), [], of.memory.log)(apiRequest())
    expect(JSON.parse(String(listed.body))).toMatchObject({ items: [{ id, last4: key.slice(-4) }] })
    expect(String(listed.body)).not.toContain(of.memory.sha256(key.split('_')[2] ?? ''))
    const stored = await of.memory.documents.read(collections.serviceKeys, {
      id: 'service_keys',
      partition: 'service_keys',
    })
    expect(JSON.stringify(stored)).not.toContain(key.split('_')[2])
  })

  test('that is almost right, or none, is refused with a challenge', async () => {
    const of = ports()
    const { key } = await newKey(of)
    const { ask } = instance(of)
    for (const wrong of [`${key.slice(0, -1)}0`, key.slice(0, -1), `${key} `, key.toUpperCase(), 'sck__', '', 'x']) {
      if (wrong.trim() === key) continue
      expect(await ask({ 'x-api-key': wrong })).toMatchObject({ status: 401, challenge: 'Bearer' })
    }
  })

  test('that was taken back opens nothing after five seconds, in any instance', async () => {
    const of = ports()
    const { id, key } = await newKey(of)
    const { ask } = instance(of)
    expect((await ask({ 'x-api-key': key })).status).toBe(200)
    expect((await takeBack(of, id)).status).toBe(200)
    of.memory.advance(5_000)
    expect((await ask({ 'x-api-key': key })).status).toBe(401)
    expect((await takeBack(of, id)).status).toBe(404)
  })

  test('that was made a moment ago is known within a second', async () => {
    const of = ports()
    const first = await newKey(of)
    const { ask } = instance(of)
    await ask({ 'x-api-key': first.key })
    const second = await newKey(of)
    of.memory.advance(1_000)
    expect((await ask({ 'x-api-key': second.key })).status).toBe(200)
  })

  test('opens what it opened while Cosmos is away, for a quarter of an hour', async () => {
    const of = ports()
    const { key } = await newKey(of)
    const { ask } = instance(of)
    await ask({ 'x-api-key': key })
    of.at.isAway = true
    of.memory.advance(60_000)
    expect((await ask({ 'x-api-key': key })).status).toBe(200)
    of.memory.advance(900_000)
    expect((await ask({ 'x-api-key': key })).status).toBe(503)
    of.at.isAway = false
    of.memory.advance(1_000)
    expect((await ask({ 'x-api-key': key })).status).toBe(200)
  })

  test('that nobody has costs one read a second, however many are sent', async () => {
    const of = ports()
    await newKey(of)
    const { ask } = instance(of)
    const before = of.at.reads
    for (let n = 0; n < 1_000; n++) {
      const key = `sck_${n.toString(16).padStart(12, '0')}_${'0'.repeat(64)}`
      expect((await ask({ 'x-api-key': key })).status).toBe(401)
    }
    expect(of.at.reads - before).toBe(1)
  })

  test('ends when it was to end', async () => {
    const of = ports()
    const end = new Date(of.memory.clock() + 60_000).toISOString()
    const { key } = await newKey(of, { expires_at: end })
    const { ask } = instance(of)
    expect((await ask({ 'x-api-key': key })).status).toBe(200)
    of.memory.advance(60_000)
    expect((await ask({ 'x-api-key': key })).status).toBe(401)
  })

  test('gets no role that who makes it does not have: an admin makes no key that may erase people', async () => {
    const { memory } = ports()
    const caller = { kind: 'service', id: 'a', name: 'An admin', roles: new Set(['admin'] as const) } as const
    const made = (held: string[]) =>
      handler(
        createKey({ ports: memory }),
        [],
        memory.log,
      )(apiRequest({ method: 'POST', caller, body: { name: 'x', roles: held } }))
    expect((await made(['privacy'])).status).toBe(403)
    expect((await made(['writer', 'admin'])).status).toBe(201)
  })
})

describe('what is no identity', () => {
  test.each([
    ['two of them', { authorization: 'Bearer x', 'x-api-key': 'x' }, 'Bearer error="invalid_token"'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'Bearer error="invalid_token"'],
    ['two tokens', { authorization: 'Bearer x, Bearer y' }, 'Bearer error="invalid_token"'],
    ['no token', { authorization: 'Bearer ' }, 'Bearer error="invalid_token"'],
    ['a token of nobody', { authorization: 'Bearer nobody' }, 'Bearer error="invalid_token"'],
    ['nothing', {}, 'Bearer'],
  ])('%s is refused with a challenge', async (_, headers, challenge) => {
    expect(await instance(ports()).ask(headers)).toEqual({ status: 401, challenge, caller: undefined })
  })
})
