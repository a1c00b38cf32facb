import type { Caller } from '../shared/api/caller.ts'
import type { ApiRequest } from '../shared/api/request.ts'
import { AppError } from '../shared/schemas/errors.ts'
import { roles } from '../shared/schemas/identity.ts'

export interface Call {
  method?: string
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Text as it is; anything else as JSON. */
  body?: unknown
  /** A service with every role unless told. */
  caller?: Caller
  address?: string
  alias?: string
}

/** A service that may do everything. */
export const allRoles: Caller = { kind: 'service', id: 'test', name: 'Test', roles: new Set(roles) }

/** A request as the HTTP binding would hand it over. */
export function apiRequest(call: Call = {}): ApiRequest {
  const { method = 'GET', path = {}, query = {}, headers = {}, body, caller = allRoles, address, alias } = call
  const bytes = Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
  return {
    ...{ id: 'a-request', method, url: 'http://127.0.0.1/', path, query, caller, address, alias },
    headers: new Headers({ ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }),
    body: async limitBytes => {
      if (bytes.length > limitBytes)
        throw new AppError('body_too_large', `The body must be at most ${limitBytes} bytes`)
      return bytes
    },
  }
}
