import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import {
  KeyAnswer,
  KeyBody,
  KeyList,
  KeyPath,
  NewKey,
  type ServiceKey,
  type ServiceKeys,
  serviceKeysMax,
} from '../../schemas/service-keys.ts'
import { access, holdsRole } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

type Need = { ports: Pick<Ports, 'documents' | 'clock' | 'uuid' | 'sha256'> }

export const listKeys = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'keys',
    method: 'GET',
    path: '/api/keys',
    access: access.administer,
    group: 'service',
    summary: 'The service keys, without their secrets',
    output: KeyList,
    run: async () => ({ body: { items: (await read(ports)).keys.map(shown), next_cursor: null } }),
  })

export const createKey = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'key-create',
    method: 'POST',
    path: '/api/keys',
    access: access.administer,
    group: 'service',
    summary: 'Makes a key for a service of the shop; the answer alone holds it',
    showsSecret: true,
    status: 201,
    input: { body: KeyBody },
    output: NewKey,
    refuses: ['too_many_keys'],
    run: async ({ body: { name, roles, expires_at: end } }, { caller }) => {
      const lacked = roles.filter(role => !holdsRole(caller, role))
      if (lacked.length > 0) {
        throw new AppError('forbidden', `Only who has a role can give it to a key: ${lacked.join(', ')}`)
      }
      const expiresAtMs = end === undefined ? undefined : Date.parse(end)
      if (expiresAtMs !== undefined && expiresAtMs <= ports.clock()) throw ended(end)
      const id = ports.uuid().replaceAll('-', '').slice(0, 12)
      const secret = `${ports.uuid()}${ports.uuid()}`.replaceAll('-', '')
      const key: ServiceKey = {
        ...{ id, name, roles: [...new Set(roles)], sha256: ports.sha256(secret), last4: secret.slice(-4) },
        created_at: new Date(ports.clock()).toISOString(),
        expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
      }
      await change(ports, keys => {
        if (keys.length < serviceKeysMax) return [...keys, key]
        throw new AppError('too_many_keys', `There are ${serviceKeysMax} keys already: delete one first`)
      })
      return { body: { ...shown(key), key: `sck_${id}_${secret}` } }
    },
  })

export const deleteKey = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'key-delete',
    method: 'DELETE',
    path: '/api/keys/{id}',
    access: access.administer,
    group: 'service',
    summary: 'Takes a key back: within five seconds it opens nothing in any instance',
    input: { path: KeyPath },
    output: KeyAnswer,
    refuses: ['not_found'],
    run: async ({ path: { id } }) => {
      const { keys } = await read(ports)
      const found = keys.find(key => key.id === id)
      if (!found) {
        const unknown = { code: 'unknown', field: 'id', value: id, reason: 'is the id of no key' }
        throw new AppError('not_found', `There is no key ${id}`, [unknown])
      }
      await change(ports, all => all.filter(key => key.id !== id))
      return { body: shown(found) }
    },
  })

const shown = ({ sha256: _, ...rest }: ServiceKey) => rest

const documentKey = { id: 'service_keys', partition: 'service_keys' }

async function read({ documents }: Pick<Ports, 'documents'>): Promise<ServiceKeys> {
  const stored = await documents.read(collections.serviceKeys, documentKey)
  return stored?.document ?? { id: 'service_keys', keys: [] }
}

/** Again until no other change came between. */
async function change(
  { documents }: Pick<Ports, 'documents'>,
  changed: (keys: readonly ServiceKey[]) => ServiceKey[],
): Promise<void> {
  for (;;) {
    const stored = await documents.read(collections.serviceKeys, documentKey)
    const document: ServiceKeys = { id: 'service_keys', keys: changed(stored?.document.keys ?? []) }
    const written = stored
      ? await documents.replace(collections.serviceKeys, document, stored.etag)
      : await documents.create(collections.serviceKeys, document)
    if (written) return
  }
}

function ended(end: string | undefined): AppError {
  const reason = 'must be to come'
  return new AppError('invalid_body', `The body is not valid as expires_at ${reason}: current value is ${end}`, [
    { code: 'invalid', field: 'expires_at', value: end, reason },
  ])
}
