import type { AdminAnswer, AdminContext, AdminEndpoint, AdminRequest } from './admin.ts'
import { adminBody } from './admin-body.ts'
import { ofFunction } from './admin-functions.ts'
import type { KeyScope } from './key-ring.ts'

type Names = Record<string, string>
type Act = (
  scope: KeyScope,
  request: AdminRequest,
  context: AdminContext,
  name: string,
) => AdminAnswer | Promise<AdminAnswer>

const places = [
  /^admin\/host\/(?<scope>keys|functionkeys|systemkeys)/,
  /^admin\/functions\/(?<functionName>[^/]+)\/keys/,
]

/** The keys of the host, of its extensions and of one function: list, read, set, renew, delete. */
export const keyEndpoints: readonly AdminEndpoint[] = places.flatMap(({ source }) => {
  const all = new RegExp(`${source}$`, 'i')
  const one = new RegExp(`${source}/(?<key>[^/]+)$`, 'i')
  return [
    { method: 'GET', path: all, answer: within(list) },
    { method: 'GET', path: one, answer: within(read) },
    { method: 'POST', path: one, answer: within(renew) },
    { method: 'PUT', path: one, answer: within(put) },
    { method: 'DELETE', path: one, answer: within(remove) },
  ]
})

function within(act: Act): AdminEndpoint['answer'] {
  return (request, context, { scope, functionName, key: name = '' }: Names) => {
    if (scope !== undefined) {
      return act(scope.toLowerCase() === 'systemkeys' ? 'systemKeys' : 'functionKeys', request, context, name)
    }
    return ofFunction(context, functionName, found => act({ functionName: found.name }, request, context, name))
  }
}

function list(scope: KeyScope, request: AdminRequest, { keys }: AdminContext): AdminAnswer {
  const named = Object.entries(keys.keys(scope)).map(([name, value]) => ({ name, value }))
  return { status: 200, body: withLink({ keys: named }, request) }
}

function read(scope: KeyScope, request: AdminRequest, { keys }: AdminContext, name: string): AdminAnswer {
  const value = name === '_master' && scope === 'systemKeys' ? keys.master() : ownValue(keys.keys(scope), name)
  return value === undefined ? { status: 404 } : { status: 200, body: withLink({ name, value }, request) }
}

function renew(scope: KeyScope, request: AdminRequest, context: AdminContext, name: string): AdminAnswer {
  return set(scope, request, context, { name, value: undefined })
}

function put(scope: KeyScope, request: AdminRequest, context: AdminContext, name: string): AdminAnswer {
  const body = adminBody(request)
  if ('status' in body) return body.status === 415 ? body : { status: 400, body: 'Invalid key value' }
  const { value } = body.json
  if (typeof value !== 'string' || value === '') return { status: 400, body: 'Invalid key value' }
  return set(scope, request, context, { name, value })
}

function set(
  scope: KeyScope,
  request: AdminRequest,
  { keys }: AdminContext,
  { name, value }: { name: string; value: string | undefined },
): AdminAnswer {
  const isMaster = typeof scope === 'string' && name.toLowerCase() === '_master'
  const kept = isMaster ? { value: keys.setMaster(value), created: value === undefined } : keys.set(scope, name, value)
  const body = withLink({ name, value: kept.value }, request)
  return kept.created ? { status: 201, body, location: request.baseUrl } : { status: 200, body }
}

function remove(scope: KeyScope, _: AdminRequest, { keys }: AdminContext, name: string): AdminAnswer {
  if (name.startsWith('_')) return { status: 400, body: 'Invalid key name.' }
  return { status: keys.remove(scope, name) ? 204 : 404 }
}

function ownValue(keys: Names, name: string): string | undefined {
  return Object.hasOwn(keys, name) ? keys[name] : undefined
}

function withLink(body: object, { baseUrl, path }: AdminRequest): object {
  return { ...body, links: [{ rel: 'self', href: `${baseUrl}/${path}` }] }
}
