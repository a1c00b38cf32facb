import { hash } from 'node:crypto'
import type { Guard } from '../handle.ts'
import { entityTag } from '../if-match.ts'
import type { ApiAnswer } from '../request.ts'

/**
 * Answers 304 where the caller has what would be answered: of the endpoints that say they answer with an etag, which is the
 * stored document's version where they give it, else made of the body. Source: RFC 9110, section 13.1.2.
 */
export const conditional: Guard = (endpoint, next) => {
  if (endpoint.method !== 'GET' || !endpoint.headers?.includes('etag')) return next
  // What says something of a person is kept by nobody in between, nor on disk.
  const keeping = endpoint.access.shopper === 'own' ? {} : { 'cache-control': 'private, no-cache' }
  return async request => {
    const answer = await next(request)
    if (answer.status !== 200) return answer
    const etag = answer.headers.etag ?? tagOf(answer)
    const headers: Record<string, string> = { ...keeping, ...answer.headers, etag }
    if (!names(request.headers.get('if-none-match'), etag)) return { ...answer, headers }
    const { 'content-type': _, ...rest } = headers
    return { status: 304, headers: rest, body: '' }
  }
}

const tagOf = ({ body }: ApiAnswer): string => entityTag(hash('sha256', body, 'base64url').slice(0, 22))

/** By weak comparison: a proxy that compressed the answer has made its tag weak. */
function names(tags: string | null, etag: string): boolean {
  if (tags === null) return false
  return tags.trim() === '*' || tags.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
}
