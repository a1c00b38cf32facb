import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HttpCookie, HttpData, TypedData } from '../app/core-types.ts'

/** The request as Azure hands it to the library: maps of single values, repeated ones joined by commas, the body as bytes. */
export function toHttpData(
  request: IncomingMessage,
  { params, query, body }: { params: Record<string, string>; query: string; body: Buffer | undefined },
): HttpData {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(',')
  }
  return {
    method: request.method ?? 'GET',
    url: `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`,
    headers,
    query: query === '' ? {} : joinRepeated(new URLSearchParams(query)),
    params,
    ...(body !== undefined && { body: { bytes: body } }),
  }
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

function joinRepeated(search: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of search) {
    const earlier = values[name]
    values[name] = earlier === undefined ? value : `${earlier},${value}`
  }
  return values
}

function cookieText({ name, value, expires, maxAge, domain, path, secure, httpOnly, sameSite }: HttpCookie): string {
  const parts = [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`]
  if (expires !== undefined) parts.push(`expires=${new Date(expires.value.seconds * 1000).toUTCString()}`)
  if (maxAge !== undefined) parts.push(`max-age=${Math.trunc(maxAge.value)}`)
  if (domain !== undefined) parts.push(`domain=${domain.value}`)
  parts.push(`path=${path?.value ?? '/'}`)
  if (secure?.value) parts.push('secure')
  if (sameSite !== 'none') parts.push(`samesite=${sameSite === 'explicitNone' ? 'none' : sameSite}`)
  if (httpOnly?.value) parts.push('httponly')
  return parts.join('; ')
}
