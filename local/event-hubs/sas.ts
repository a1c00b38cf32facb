import { createHmac, timingSafeEqual } from 'node:crypto'
import { expiredToken } from './amqp-error.ts'
import { entityPath, hostOf } from './entity-path.ts'
import type { Policy } from './policy.ts'

type SasVerdict = { type: 'valid'; policy: Policy; expiresMs: number } | { type: 'refused'; reason: string }

interface SasChecks {
  /** What the token is put for; the token's own resource is this or above it. */
  audience: string
  policies: ReadonlyMap<string, Policy>
  /** Whether a host, as it stands in a resource, is this namespace. */
  isNamespace: (host: string) => boolean
  nowMs: number
}

/**
 * Checks a shared access signature for an audience: signed with the policy's key, not expired, for the audience or a
 * parent of it in this namespace.
 * Source: Event Hubs, "Authenticate access with shared access signatures": HMAC-SHA256(key, encoded resource \n expiry).
 */
export function verifySas(token: string, { audience, policies, isNamespace, nowMs }: SasChecks): SasVerdict {
  const prefix = 'SharedAccessSignature '
  if (!token.startsWith(prefix)) return refused('MalformedToken: The token is not a shared access signature.')
  const fields = new Map<string, string>()
  for (const field of token.slice(prefix.length).split('&')) {
    const equals = field.indexOf('=')
    fields.set(field.slice(0, equals), field.slice(equals + 1))
  }
  const [resource, signature, expiry] = [fields.get('sr'), fields.get('sig'), fields.get('se')]
  if (resource === undefined || signature === undefined || expiry === undefined) {
    return refused('MalformedToken: The token needs the fields sr, sig and se.')
  }
  const policy = policies.get(decoded(fields.get('skn') ?? '') ?? '')
  if (policy === undefined || !isSignedWith(policy.key, signature, `${resource}\n${expiry}`)) {
    return refused('InvalidSignature: The token has an invalid signature.')
  }
  const expiresMs = Number(expiry) * 1_000
  if (!(expiresMs < Number.MAX_SAFE_INTEGER)) return refused(`MalformedToken: se must be in seconds: se is ${expiry}.`)
  if (expiresMs <= nowMs) return refused(expiredToken(expiresMs).description)
  const granted = decoded(resource)
  if (granted === undefined || !isWithin(entityPath(audience), entityPath(granted))) {
    return refused(`InvalidAudience: The token is for '${granted ?? resource}' and not for '${audience}'.`)
  }
  const stranger = [granted, audience].find(uri => !isNamespace(hostOf(uri)))
  if (stranger !== undefined) return refused(`InvalidAudience: '${stranger}' is not in this namespace.`)
  return { type: 'valid', policy, expiresMs }
}

/** Whether a path is the other one or below it; the empty path is the whole namespace. */
export function isWithin(path: string, parent: string): boolean {
  return parent === '' || path === parent || path.startsWith(`${parent}/`)
}

function isSignedWith(key: string, signature: string, text: string): boolean {
  const expected = createHmac('sha256', key).update(text).digest()
  const given = Buffer.from(decoded(signature) ?? '', 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Undefined when the field is not well encoded. */
function decoded(field: string): string | undefined {
  try {
    return decodeURIComponent(field)
  } catch {
    return undefined
  }
}

function refused(reason: string): SasVerdict {
  return { type: 'refused', reason }
}
