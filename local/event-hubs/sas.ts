import { createHmac, timingSafeEqual } from 'node:crypto'
import { entityPath } from './entity-path.ts'

export const sasKeyName = 'RootManageSharedAccessKey'

type SasVerdict = { type: 'valid'; expiresMs: number } | { type: 'refused'; reason: string }

/**
 * Checks a shared access signature for an audience: signed with the key, not expired, for the audience or a parent.
 * Source: Event Hubs, "Authenticate access with shared access signatures": HMAC-SHA256(key, encoded resource \n expiry).
 */
export function verifySas(
  token: string,
  { audience, key, nowMs }: { audience: string; key: string; nowMs: number },
): SasVerdict {
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
  if (decoded(fields.get('skn') ?? '') !== sasKeyName) {
    return refused(`InvalidSignature: The key name must be ${sasKeyName}.`)
  }
  const expected = createHmac('sha256', key).update(`${resource}\n${expiry}`).digest()
  const given = Buffer.from(decoded(signature) ?? '', 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return refused('InvalidSignature: The token has an invalid signature.')
  }
  const expiresMs = Number(expiry) * 1_000
  if (!(expiresMs > nowMs)) return refused(`ExpiredToken: The token expired: se is ${expiry}.`)
  const granted = decoded(resource)
  if (granted === undefined || !isWithin(entityPath(audience), entityPath(granted))) {
    return refused(`InvalidAudience: The token is for '${granted ?? resource}' and not for '${audience}'.`)
  }
  return { type: 'valid', expiresMs }
}

/** Whether a path is the other one or below it; the empty path is the whole namespace. */
export function isWithin(path: string, parent: string): boolean {
  return parent === '' || path === parent || path.startsWith(`${parent}/`)
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
