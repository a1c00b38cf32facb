import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryTokens } from '../shared/adapters/memory/tokens.ts'
import { anonymous } from '../shared/api/caller.ts'
import type { Endpoint } from '../shared/api/endpoint.ts'
import { isSafe } from '../shared/api/endpoint.ts'
import type { ExampleRequest } from '../shared/api/examples/example.ts'
import { exampleRequests } from '../shared/api/examples/requests.ts'
import { challenge, identify } from '../shared/api/guards/identify.ts'
import { KeyRing } from '../shared/api/guards/key-ring.ts'
import { authorize, handler } from '../shared/api/handle.ts'
import { type Role, roles, type Shopper } from '../shared/schemas/identity.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'
import { apiRequest, type Call } from './api-request.ts'
import { idEncodings } from './id-encodings.ts'
import { putCustomer, putLists, putProfile, type ShopByHand } from './served-shop.ts'

/** The API behind the guards that find out who asks, on a shop where Isabella has what only she may see. */
async function guarded() {
  const of: ShopByHand = await answeringShop()
  await putLists(of.ports, 'isabella', { items: { jam: 2 }, bought: ['tea'] })
  await putProfile(of.ports, 'isabella', [['jam', 'view', -60]])
  await putProfile(of.ports, 'session:s2', [['jam', 'view', -60]])
  await putCustomer(of.ports, 'isabella', { country: canary })
  const { all } = apiOver(of)
  const tokens = memoryTokens(of.ports.clock)
  const guards = [challenge, identify({ ports: { tokens }, keyRing: new KeyRing(of.ports) }), authorize]
  const ask = async (endpoint: Endpoint, sent: Call, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const asked = apiRequest({ method: endpoint.method, ...sent, headers, caller: anonymous })
    const answer = await handler(endpoint, guards, of.ports.log)(asked)
    return { ...answer, text: typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body) }
  }
  const service = (...held: Role[]) =>
    tokens.sign({ kind: 'service', id: 'a-program', name: 'A program', roles: new Set(held) }, 600)
  const shopper = (who: Omit<Shopper, 'kind'>) => tokens.sign({ kind: 'shopper', ...who }, 600)
  return { endpoints: Object.values(all), all, ask, service, shopper }
}
const canary = 'Canaria'
let api: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  api = await guarded()
})

/** As a developer would call it. */
const exampleOf = ({ name, path }: Endpoint): ExampleRequest => {
  const [example] = Object.values(exampleRequests[name] ?? {})
  const names = [...path.matchAll(/\{(\w+)/g)].map(([, part = '']) => part)
  return example ?? (names.length === 0 ? {} : { path: Object.fromEntries(names.map(part => [part, 'anna'])) })
}
const isRefusedForWho = (status: number) => status === 401 || status === 403

test('what anyone may call is the health of the service and the documentation, and changes nothing', () => {
  const open = api.endpoints.filter(({ access }) => access.roles === 'anyone')
  expect(open.filter(endpoint => !isSafe(endpoint))).toEqual([])
  expect(open.map(({ path }) => path).filter(path => !/^\/(health|docs|openapi|metadata)/.test(path))).toEqual([])
})

test('what changes something is open to no reader', () => {
  const changing = api.endpoints.filter(endpoint => !isSafe(endpoint))
  expect(changing.length).toBeGreaterThan(10)
  const open = changing.filter(({ access }) => access.roles === 'anyone' || access.roles.includes('reader'))
  expect(open.map(({ name }) => name)).toEqual([])
})

describe('every route × role', () => {
  const included: Record<Role, readonly Role[]> = {
    ...{ reader: ['reader'], writer: ['writer'], operator: ['operator'], privacy: ['privacy'] },
    admin: ['reader', 'writer', 'operator', 'admin'],
  }

  test('without an identity, only what is open to anyone answers; else it is 401 with a challenge', async () => {
    for (const endpoint of api.endpoints) {
      const { status, headers } = await api.ask(endpoint, exampleOf(endpoint))
      expect([endpoint.name, status === 401], endpoint.name).toEqual([
        endpoint.name,
        endpoint.access.roles !== 'anyone',
      ])
      if (status === 401) expect(headers['www-authenticate']).toBe('Bearer')
    }
  })

  test.each([[[] as Role[]], ...roles.map(role => [[role]])])('with %j', async held => {
    // What is let in may change the shop.
    const { endpoints, ask, service } = await guarded()
    const mayBe = held.flatMap(role => included[role])
    for (const endpoint of endpoints) {
      const { roles: needed } = endpoint.access
      const isLetIn = needed === 'anyone' || needed.some(role => mayBe.includes(role))
      const { status } = await ask(endpoint, exampleOf(endpoint), service(...held))
      // An admin may not give a key roles that the admin lacks; that is the route's own rule.
      expect([endpoint.name, isRefusedForWho(status)]).toEqual([endpoint.name, !isLetIn])
    }
  })

  test('a shopper gets into what is theirs, and nothing else but the catalogue', async () => {
    const { endpoints, ask, shopper } = await guarded()
    for (const endpoint of endpoints) {
      const { roles: needed, shopper: may } = endpoint.access as { roles: unknown; shopper?: string }
      if (needed === 'anyone' || may === 'own') continue
      const { status } = await ask(endpoint, exampleOf(endpoint), shopper({ userId: 'anna', sessionId: 's1' }))
      expect([endpoint.name, isRefusedForWho(status)]).toEqual([endpoint.name, may !== 'any'])
    }
  })
})

/** Names under which requests name a person. */
const personal = ['user', 'user_id', 'session', 'session_id', 'customer_id']

function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (!schema) return []
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('properties' in node && typeof node.properties === 'object') found.push(...Object.keys(node.properties ?? {}))
    for (const each of Object.values(node)) visit(each)
  }
  visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return found
}

test('a route whose request can name a person is open to no shopper, or to that person alone', () => {
  const naming = api.endpoints.filter(({ path, input }) => {
    const named = [input.path, input.query, input.body].flatMap(fieldsOf)
    return named.some(name => personal.includes(name)) || /\/(users?|user_profile|session)\/\{/.test(path)
  })
  expect(naming.length).toBeGreaterThan(15)
  expect(
    naming.filter(({ access }) => 'shopper' in access && access.shopper === 'any').map(({ name }) => name),
  ).toEqual([])
})

/** Every place of a request where somebody can be named, each with a request that names that one there. */
function placesOf(endpoint: Endpoint): { place: string; naming: (id: unknown) => Call }[] {
  const example = exampleOf(endpoint)
  const asUser = {
    ...example,
    ...(example.path && 'id' in example.path ? { path: { ...example.path, id: 'anna' } } : {}),
  }
  const places: { place: string; naming: (id: unknown) => Call }[] = []
  const text = (id: unknown) => (typeof id === 'string' ? id : JSON.stringify(id))
  if (/\/(users?|user_profile|session)\/\{/.test(endpoint.path) && example.path) {
    const [name = 'id'] = Object.keys(example.path)
    places.push({ place: `path ${name}`, naming: id => ({ ...example, path: { ...example.path, [name]: text(id) } }) })
  }
  for (const name of fieldsOf(endpoint.input.query).filter(field => personal.includes(field))) {
    places.push({ place: `query ${name}`, naming: id => ({ ...asUser, query: { ...asUser.query, [name]: text(id) } }) })
  }
  const bodyFields = endpoint.name === 'interactions' ? ['user_id', 'session_id'] : fieldsOf(endpoint.input.body)
  for (const name of new Set(bodyFields.filter(field => personal.includes(field)))) {
    const body = z.record(z.string(), z.unknown()).catch({}).parse(asUser.body)
    places.push({ place: `body ${name}`, naming: id => ({ ...asUser, body: { ...body, [name]: id } }) })
    if (endpoint.name !== 'interactions') continue
    const [own, other] = [{ ...body, user_id: 'anna' }, (id: unknown) => ({ ...body, user_id: undefined, [name]: id })]
    places.push({ place: `body of many, ${name}`, naming: id => ({ ...asUser, body: [own, other(id)] }) })
  }
  return places
}

describe('every route for persons × another’s id × encodings', () => {
  const encodings = idEncodings('isabella', 'anna')
  const inJson = [['isabella'], ['anna', 'isabella'], { id: 'isabella' }, { value: 'isabella' }, 7, true, null]

  test('there are 500 of them', () => expect(encodings.length).toBeGreaterThanOrEqual(500))

  test('a shopper sees nothing of another, and cannot tell whether there is such a one', {
    timeout: 120_000,
  }, async () => {
    const token = api.shopper({ userId: 'anna', sessionId: 's1' })
    const own = api.endpoints.filter(({ access }) => 'shopper' in access && access.shopper === 'own')
    expect(own.length).toBeGreaterThan(10)
    const leaks: unknown[] = []
    let asked = 0
    for (const endpoint of own) {
      const places = placesOf(endpoint)
      expect(places.length, `${endpoint.name} names nobody`).toBeGreaterThan(0)
      for (const { place, naming } of places) {
        const written = place.startsWith('body') ? [...encodings, ...inJson] : encodings
        for (const id of written) {
          const { status, text } = await api.ask(endpoint, naming(id), token)
          asked += 1
          const isRefused = status === 403 || status === 400 || status === 404
          if (!isRefused || text.includes(canary)) leaks.push([endpoint.name, place, id, status])
        }
        const [present, absent] = [
          await api.ask(endpoint, naming('isabella'), token),
          await api.ask(endpoint, naming('zelda'), token),
        ]
        expect([endpoint.name, place, absent]).toEqual([endpoint.name, place, present])
        // A request that is none is refused as such, whoever it is about.
        const isWhole = exampleRequests[endpoint.name] !== undefined || endpoint.input.body === undefined
        expect([endpoint.name, place, present.status]).toEqual([endpoint.name, place, isWhole ? 403 : 400])
      }
    }
    expect(leaks.slice(0, 20)).toEqual([])
    expect(asked).toBeGreaterThan(10_000)
  })

  test('a shopper gets what is their own, as themselves and by the session they came with', async () => {
    const token = api.shopper({ userId: 'anna', sessionId: 's1' })
    const { all } = api
    for (const [name, sent] of [
      ['recommend-user', { path: { id: 'anna' } }],
      ['recommend-user', { path: { id: 'anna' }, query: { session: 's1' } }],
      ['recommend-user', { path: { id: 'session:s1' } }],
      ['recommend-session', { path: { id: 's1' } }],
      ['user-profile', { path: { id: 'anna' } }],
      ['recommend-cart', { query: { items: 'pen', user: 'anna', session: 's1' } }],
    ] as const) {
      const endpoint = all[name]
      if (!endpoint) throw new Error(`There is no endpoint ${name}`)
      expect([name, (await api.ask(endpoint, sent, token)).status]).toEqual([name, 200])
    }
  })
})
