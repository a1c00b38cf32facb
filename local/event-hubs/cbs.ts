import type { Message } from 'rhea'
import type { Claims } from './claims.ts'
import { entityPath } from './entity-path.ts'
import type { Reply } from './request-node.ts'
import { verifySas } from './sas.ts'

/**
 * Answers a put-token request and remembers what it allows.
 * Source: OASIS AMQP claims-based security 1.0, section 3; statuses as Event Hubs gives them.
 */
export function putToken(request: Message, { claims, key }: { claims: Claims; key: string }): Reply {
  const { operation, type, name } = request.application_properties ?? {}
  if (operation !== 'put-token') {
    return { status: 400, description: `The operation on $cbs must be put-token: operation is ${operation}` }
  }
  if (type !== 'servicebus.windows.net:sastoken') {
    return { status: 400, description: `The token must be a servicebus.windows.net:sastoken: type is ${type}` }
  }
  const audience = String(name)
  const verdict = verifySas(String(request.body), { audience, key, nowMs: Date.now() })
  if (verdict.type === 'refused') {
    return { status: 401, description: verdict.reason, condition: 'amqp:unauthorized-access' }
  }
  claims.grant(entityPath(audience), verdict.expiresMs)
  return { status: 202, description: 'Accepted' }
}
