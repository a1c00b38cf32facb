import type { Claims } from './claims.ts'
import { entityPath } from './entity-path.ts'
import type { LinkGuard } from './link-guard.ts'
import type { Policy } from './policy.ts'
import type { Reply } from './request-node.ts'
import type { Request } from './rhea.ts'
import { verifySas } from './sas.ts'

interface TokenContext {
  claims: Claims
  guard: LinkGuard
  policies: ReadonlyMap<string, Policy>
  isNamespace: (host: string) => boolean
  now: () => number
}

/**
 * Answers a put-token request and remembers what it allows.
 * Source: OASIS AMQP claims-based security 1.0, section 3; statuses as Event Hubs gives them.
 */
export function putToken(request: Request, { claims, guard, policies, isNamespace, now }: TokenContext): Reply {
  const { operation, type, name } = request.application_properties ?? {}
  if (operation !== 'put-token') {
    return { status: 400, description: `The operation on $cbs must be put-token: operation is ${operation}` }
  }
  if (type !== 'servicebus.windows.net:sastoken') {
    return { status: 400, description: `The token must be a servicebus.windows.net:sastoken: type is ${type}` }
  }
  const audience = String(name)
  const verdict = verifySas(String(request.body), { audience, policies, isNamespace, nowMs: now() })
  if (verdict.type === 'refused') {
    return { status: 401, description: verdict.reason, condition: 'com.microsoft:auth-failed' }
  }
  const { expiresMs, policy } = verdict
  claims.grant(entityPath(audience), { expiresMs, rights: policy.rights })
  guard.expireAt(expiresMs)
  return { status: 202, description: 'Accepted' }
}
