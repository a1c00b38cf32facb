import type { Endpoint } from '../endpoint.ts'
import type { Guard } from '../handle.ts'
import type { ApiRequest } from '../request.ts'

/** Since when older names are called old. */
const sinceSeconds = Date.UTC(2026, 10, 22) / 1000

/** Says of an answer by an older name of a route that it is old, and where the same is (RFC 9745, RFC 5829). */
export const deprecation: Guard = (endpoint, next) => async request => {
  const answer = await next(request)
  if (request.alias === undefined) return answer
  const links = [answer.headers.link, `<${successor(endpoint, request)}>; rel="successor-version"`].filter(Boolean)
  return {
    ...answer,
    headers: { ...answer.headers, deprecation: `@${sinceSeconds}`, link: links.join(', ') },
  }
}

/** The route's own path, of the same thing. */
function successor({ path }: Endpoint, { path: values }: ApiRequest): string {
  return path.replace(/\{(\w+)[^}]*\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
