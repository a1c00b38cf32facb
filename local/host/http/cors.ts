import type { IncomingMessage, ServerResponse } from 'node:http'

/** Which pages of other origins may read answers, as Core Tools take it from local.settings.json and Azure from the site. */
export interface Cors {
  /** As browsers send them, or `*` alone. */
  origins: readonly string[]
  /** Whether cookies and the like may come along: never from every origin. */
  credentials: boolean
}

/**
 * Says what browsers ask before and with requests of other origins, of all routes alike; tells whether that answered the
 * request: a preflight never reaches a function. Source: CorsMiddleware and CorsService of ASP.NET Core, which Azure's host and
 * Core Tools run with any method and any header.
 */
export function answersCors(request: IncomingMessage, response: ServerResponse, cors: Cors): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  const method = request.headers['access-control-request-method']
  const isPreflight = request.method === 'OPTIONS' && method !== undefined
  const isAny = cors.origins.includes('*')
  if (isAny || cors.origins.includes(origin)) {
    response.setHeader('access-control-allow-origin', isAny ? '*' : origin)
    if (!isAny) response.setHeader('vary', 'Origin')
    if (cors.credentials) response.setHeader('access-control-allow-credentials', 'true')
    if (isPreflight) {
      response.setHeader('access-control-allow-methods', method)
      const wanted = request.headers['access-control-request-headers']
      if (wanted !== undefined) response.setHeader('access-control-allow-headers', wanted)
    }
  }
  if (isPreflight) response.writeHead(204).end()
  return isPreflight
}
