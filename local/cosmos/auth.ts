import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { CosmosError } from './errors.ts'

const CLOCK_SKEW_MS = 15 * 60 * 1000

/**
 * Refuses a request that is not signed with the account's master key.
 * Source: Microsoft, "Access control on Azure Cosmos DB resources": verb, resource type, resource link, date.
 * @throws CosmosError 401 for a missing or wrong signature, 403 for a date more than 15 minutes off
 */
export function checkKey(
  request: { method: string; segments: readonly string[]; headers: IncomingHttpHeaders },
  key: KeyObject,
  nowMs: number,
): void {
  const { headers } = request
  const authorization = headers.authorization
  if (authorization === undefined) {
    throw new CosmosError(
      401,
      'Required Header authorization is missing. Ensure a valid Authorization token is passed.',
    )
  }
  const date = header(headers, 'x-ms-date') ?? headers.date
  if (date === undefined) throw new CosmosError(401, 'Required Header x-ms-date is missing.')
  const skewMs = Math.abs(Date.parse(date) - nowMs)
  if (!(skewMs <= CLOCK_SKEW_MS)) {
    throw new CosmosError(403, `The authorization token is not valid at the current time: x-ms-date is "${date}".`)
  }
  const [type, link] = signedResource(request.segments)
  const text = `${request.method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`
  const expected = createHmac('sha256', key).update(text).digest()
  const given = signature(authorization)
  if (given === undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new CosmosError(
      401,
      "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not " +
        `built as per the protocol. Server used the following payload to sign: '${text.replaceAll('\n', '\\n')}'.`,
    )
  }
}

function signature(authorization: string): Buffer | undefined {
  const fields = new Map<string, string>()
  for (const field of decode(authorization).split('&')) {
    const at = field.indexOf('=')
    fields.set(field.slice(0, at), field.slice(at + 1))
  }
  if (fields.get('type') !== 'master' || fields.get('ver') !== '1.0') return undefined
  return Buffer.from(fields.get('sig') ?? '', 'base64')
}

// A resource is signed by its own link, a feed by its parent's; offers are known by id alone.
function signedResource(segments: readonly string[]): [type: string, link: string] {
  if (segments[0] === 'offers') return ['offers', (segments[1] ?? '').toLowerCase()]
  if (segments.length % 2 === 0) return [segments.at(-2) ?? '', segments.join('/')]
  return [segments.at(-1) ?? '', segments.slice(0, -1).join('/')]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new CosmosError(401, `The authorization header is not URL-encoded: ${String(cause)}.`)
  }
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
