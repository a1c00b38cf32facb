import { AppError } from '../schemas/errors.ts'
import type { Caller } from './caller.ts'
import type { ApiRequest } from './request.ts'

const rule = 'must be 1 to 255 visible characters of ASCII, like a UUID'

/**
 * What names a request however often it is sent: the header idempotency-key, of the one who sends it. Two callers with the same
 * key have nothing to do with each other. Source: draft-ietf-httpapi-idempotency-key-header-07.
 * @throws AppError `invalid_header`
 */
export function idempotencyKey({ caller, headers }: Pick<ApiRequest, 'caller' | 'headers'>): string | undefined {
  const value = headers.get('idempotency-key')
  if (value === null) return undefined
  if (/^[\x21-\x7e]{1,255}$/.test(value)) return `${subject(caller)}\n${value}`
  const field = { code: 'invalid', field: 'idempotency-key', value: value.slice(0, 200), reason: rule }
  throw new AppError('invalid_header', `The header idempotency-key ${rule}`, [field])
}

function subject(caller: Caller): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'service':
      return `service ${caller.id}`
    case 'shopper':
      return `shopper ${caller.userId}`
  }
}
