import type { Ports } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'
import { anonymous, type Caller } from '../caller.ts'
import type { Guard } from '../handle.ts'
import type { ApiRequest } from '../request.ts'
import type { KeyRing } from './key-ring.ts'

/** Finds out who asks: by a bearer token, or by a service key. What anyone may ask, anybody asks anonymously. */
export const identify =
  (need: { ports: Pick<Ports, 'tokens'>; keyRing: Pick<KeyRing, 'identity'> }): Guard =>
  (endpoint, next) => {
    if (endpoint.access.roles === 'anyone') return next
    return async request => next({ ...request, caller: await callerOf(request, need) })
  }

/** Tells who is refused how to come again, as RFC 6750 has it. */
export const challenge: Guard = (_, next) => async request => {
  const answer = await next(request)
  if (answer.status !== 401) return answer
  const hasToken = request.headers.get('authorization') !== null
  const authenticate = hasToken ? 'Bearer error="invalid_token"' : 'Bearer'
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': authenticate } }
}

async function callerOf({ headers }: ApiRequest, { ports, keyRing }: Parameters<typeof identify>[0]): Promise<Caller> {
  const authorization = headers.get('authorization')
  const key = headers.get('x-api-key')
  if (authorization !== null && key !== null) {
    throw new AppError('unauthenticated', 'Send a bearer token or a service key, not both')
  }
  if (key !== null) return keyRing.identity(key)
  if (authorization === null) return anonymous
  const [, token] = /^bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? []
  if (token === undefined) throw new AppError('unauthenticated', 'The header authorization must be: Bearer TOKEN')
  return ports.tokens.verify(token)
}
