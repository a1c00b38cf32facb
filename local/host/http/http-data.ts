import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HttpCookie, HttpData, TypedData } from '../app/core-types.ts'

/** The request as Azure hands it to the library: maps of single values, repeated ones joined by commas, the body as bytes. */
export function toHttpData(
  request: IncomingMessage,
  { params, query, body }: { params: Record<string, string>; query: string; body: Buffer | undefined },
): HttpData {
  return {
    method: request.method ?? 'GET',
    url: `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`,
    headers: joinedHeaders(request),
    query: query === '' ? {} : joinedQuery(query),
    params,
    ...(body !== undefined && { body: { bytes: body } }),
  }
}

/** The headers with repeated ones joined by commas, and the client's address behind what it says of itself, as Azure's front end has it. */
export function joinedHeaders({ headersDistinct, socket }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in headersDistinct) headers[name] = headersDistinct[name]?.join(name === 'cookie' ? '; ' : ',') ?? ''
  const { remoteAddress = '', remotePort } = socket
  const client = `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`
  const before = headers['x-forwarded-for']
  return { ...headers, 'x-forwarded-for': before ? `${before}, ${client}` : client }
}

/** Sends the library's answer; a function that returned nothing answers 204, as in Azure. */
export function sendHttpData(response: ServerResponse, data: TypedData | null | undefined): void {
  const http = data?.http
  if (http === undefined) {
    response.writeHead(204).end()
    return
  }
  const body = bodyBytes(http.body)
  const headers: OutgoingHttpHeaders = { ...http.headers }
  // The body is sent whole, so its true length replaces what the function may have claimed.
  delete headers['transfer-encoding']
  const status = Number(http.statusCode ?? 200)
  if (status === 204 || status === 304) delete headers['content-length']
  else headers['content-length'] = body.length
  const cookies = (http.cookies ?? []).map(cookieText)
  if (cookies.length > 0) headers['set-cookie'] = [http.headers?.['set-cookie'] ?? [], cookies].flat()
  response.writeHead(status, headers).end(body)
}

function bodyBytes(body: TypedData | null | undefined): Buffer {
  if (body?.bytes !== undefined) return Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength)
  return Buffer.from(body?.string ?? body?.json ?? '')
}

/** Repeated names of a query are one name in any case, as first written, with the values joined. */
function joinedQuery(query: string): Record<string, string> {
  const values = new Map<string, [name: string, value: string]>()
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase()
    const earlier = values.get(key)
    if (earlier === undefined) values.set(key, [name, value])
    else earlier[1] += `,${value}`
  }
  return Object.fromEntries(values.values())
}

function cookieText({ name, value, expires, maxAge, domain, path, secure, httpOnly, sameSite }: HttpCookie): string {
  const parts = [`${escapeCookie(name)}=${escapeCookie(value)}`]
  if (expires !== undefined) parts.push(`expires=${new Date(expires.value.seconds * 1000).toUTCString()}`)
  if (maxAge !== undefined) parts.push(`max-age=${Math.trunc(maxAge.value)}`)
  if (domain !== undefined) parts.push(`domain=${domain.value}`)
  parts.push(`path=${path?.value ?? '/'}`)
  if (secure?.value) parts.push('secure')
  if (sameSite !== 'none') parts.push(`samesite=${sameSite === 'explicitNone' ? 'none' : sameSite}`)
  if (httpOnly?.value) parts.push('httponly')
  return parts.join('; ')
}

/** Everything but unreserved characters is escaped, also what encodeURIComponent() leaves alone. */
function escapeCookie(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
