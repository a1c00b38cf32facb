import { type ErrorCode, errorCodes } from '../../schemas/errors.ts'
import { type Endpoint, takesIdempotencyKey } from '../endpoint.ts'

/** Every code that an endpoint, or a guard before it, may refuse a request with. */
export function refusalsOf(endpoint: Endpoint): ErrorCode[] {
  const { access, input, refuses = [] } = endpoint
  const refused = new Set<ErrorCode>([
    'invalid_path',
    'invalid_query',
    'url_too_long',
    'too_many_requests',
    'unavailable',
    ...refuses,
  ])
  if (access.roles !== 'anyone') for (const code of ['unauthenticated', 'forbidden'] as const) refused.add(code)
  if (input.body !== undefined) {
    for (const code of ['invalid_body', 'body_too_large', 'unsupported_media_type'] as const) refused.add(code)
  }
  if (takesIdempotencyKey(endpoint)) {
    for (const code of ['invalid_header', 'request_in_progress', 'idempotency_key_reused'] as const) refused.add(code)
  }
  return Object.keys(errorCodes).filter((code): code is ErrorCode => refused.has(code as ErrorCode))
}
