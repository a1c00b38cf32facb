import type { z } from 'zod'
import { sendChange } from '../../ingest/catalog-changes/send-change.ts'
import type { Ports } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'
import { UserPath } from '../../schemas/requests.ts'
import { AcceptedUserChange, NewUser, UserBody, UserPatch } from '../../schemas/users.ts'
import type { Shop } from '../../serving/shop.ts'
import { unknownUser } from '../../serving/user-profile.ts'
import { access } from '../access.ts'
import { type Answer, type Endpoint, endpoint } from '../endpoint.ts'
import { checkPreconditions } from '../if-match.ts'
import { refuseErased } from '../refuse-erased.ts'
import type { ApiRequest } from '../request.ts'
import { knownCustomer } from './users.ts'

interface Need {
  ports: Pick<Ports, 'documents' | 'eventLog' | 'clock' | 'uuid'>
  shop: Pick<Shop, 'isErased'>
  pseudonymKey: string
}

const isMasked = 'Names, e-mails and phones are masked before anything is stored'

export const createUser = (need: Need): Endpoint =>
  endpoint({
    name: 'user-create',
    method: 'POST',
    path: '/api/users',
    access: access.write,
    group: 'users',
    summary: `Makes a customer’s record, served within a second or two. ${isMasked}`,
    input: { body: NewUser },
    status: 202,
    output: AcceptedUserChange,
    headers: ['location'],
    refuses: ['already_exists', 'unknown_user'],
    persons: ({ body }) => [{ userId: body.user_id }],
    run: async ({ body: { user_id: id, ...data } }) => {
      if (await knownCustomer(id, need.ports)) throw alreadyThere(id)
      return changed({ op: 'insert', id, data }, need)
    },
  })

export const putUser = (need: Need): Endpoint =>
  endpoint({
    name: 'user-set',
    method: 'PUT',
    path: '/api/users/{id}',
    access: access.write,
    group: 'users',
    summary: `Sets a customer’s record, or makes it; a value that is left out stays. ${isMasked}`,
    input: { path: UserPath, body: UserBody },
    status: 202,
    output: AcceptedUserChange,
    headers: ['location'],
    refuses: ['precondition_failed', 'unknown_user'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id }, body }, request) => {
      checkPreconditions(request, (await knownCustomer(id, need.ports))?.row_hash)
      return changed({ op: 'insert', id, data: body }, need)
    },
  })

export const patchUser = (need: Need): Endpoint =>
  endpoint({
    name: 'user-patch',
    method: 'PATCH',
    path: '/api/users/{id}',
    access: access.write,
    group: 'users',
    summary: `Changes some of a customer’s record. ${isMasked}`,
    input: { path: UserPath, body: UserPatch },
    status: 202,
    output: AcceptedUserChange,
    headers: ['location'],
    refuses: ['unknown_user', 'precondition_failed'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id }, body }, request) => {
      await checkMeant(id, request, need.ports)
      return changed({ op: 'update', id, data: body }, need)
    },
  })

export const deleteUser = (need: Need): Endpoint =>
  endpoint({
    name: 'user-delete',
    method: 'DELETE',
    path: '/api/users/{id}',
    access: access.write,
    group: 'users',
    summary:
      'Takes a customer’s record away and nothing else: what the person did stays known; to forget a person is an erasure',
    input: { path: UserPath },
    status: 202,
    output: AcceptedUserChange,
    refuses: ['unknown_user', 'precondition_failed'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id } }, request) => {
      await checkMeant(id, request, need.ports)
      return changed({ op: 'delete', id }, need)
    },
  })

interface UserChange {
  op: z.infer<typeof AcceptedUserChange>['op']
  id: string
  data?: Readonly<Record<string, unknown>>
}

async function changed(
  { op, id, data }: UserChange,
  { ports, shop, pseudonymKey }: Need,
): Promise<Answer<z.infer<typeof AcceptedUserChange>>> {
  if (op !== 'delete') await refuseErased(id, shop)
  const { changeId, acceptedAt } = await sendChange({ op, entity: 'customer', key: id, data }, pseudonymKey, ports)
  return {
    ...(op === 'delete' ? {} : { headers: { location: `/api/users/${encodeURIComponent(id)}` } }),
    body: { change_id: changeId, op, user_id: id, accepted_at: acceptedAt },
  }
}

/** @throws AppError `unknown_user`, or `precondition_failed` for another version of the record */
async function checkMeant(id: string, request: ApiRequest, ports: Pick<Ports, 'documents'>): Promise<void> {
  const customer = await knownCustomer(id, ports)
  if (!customer) throw unknownUser(id)
  checkPreconditions(request, customer.row_hash)
}

function alreadyThere(id: string): AppError {
  const reason = 'has a record already'
  return new AppError(
    'already_exists',
    `The user ${id} has a record already: PUT or PATCH /api/users/${id} changes it`,
    [{ code: 'exists', field: 'user_id', value: id, reason }],
  )
}
