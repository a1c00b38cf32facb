import type { Log } from '../ports.ts'
import { AppError, errorCodes } from '../schemas/errors.ts'
import { checkRole } from './access.ts'
import type { Endpoint } from './endpoint.ts'
import type { ApiAnswer, ApiRequest } from './request.ts'

export type Handler = (request: ApiRequest) => Promise<ApiAnswer>

/**
 * What stands before the endpoints: it may refuse a request by throwing an AppError, know more of it, or add to the answer.
 * What `next` gives is an answer in any case, a refusal too.
 */
export type Guard = (endpoint: Endpoint, next: Handler) => Handler

/**
 * An endpoint behind the guards, the first of them outermost. Here alone the code of an AppError becomes a status. Errors are
 * application/problem+json (RFC 9457) with code and, per finding, field, value and reason.
 */
export function handler(endpoint: Endpoint, guards: readonly Guard[], log: Log): Handler {
  const answering =
    (run: Handler): Handler =>
    async request => {
      try {
        return await run(request)
      } catch (cause) {
        if (cause instanceof AppError) return refusal(cause)
        const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
        log.error({ stage: 'http', endpoint: endpoint.name, request: request.id, error })
        return problem(500, { code: 'internal', message: 'Something broke on our side; it is in the log', errors: [] })
      }
    }
  return guards.reduceRight<Handler>(
    (next, guard) => answering(guard(endpoint, next)),
    answering(request => answered(endpoint, request)),
  )
}

async function answered(endpoint: Endpoint, request: ApiRequest): Promise<ApiAnswer> {
  const { status = endpoint.status ?? 200, headers = {}, body, text } = await endpoint.run(request)
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  return {
    status,
    headers: { 'content-type': isRaw ? 'text/plain; charset=utf-8' : 'application/json', ...headers },
    body: isRaw ? body : (text ?? JSON.stringify(body)),
  }
}

/** The guard that lets through who may call the route. */
export const authorize: Guard = (endpoint, next) => async request => {
  checkRole(request.caller, endpoint.access)
  return next(request)
}

/** What a refused request is answered. */
export function refusal(error: AppError): ApiAnswer {
  const answer = problem(errorCodes[error.code], error)
  if (error.retryAfterSeconds === undefined) return answer
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(error.retryAfterSeconds) } }
}

function problem(status: number, error: Pick<AppError, 'message' | 'errors'> & { code: string }): ApiAnswer {
  const title = error.code.replaceAll('_', ' ')
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      ...{ type: `/docs/errors#${error.code}`, title: title.charAt(0).toUpperCase() + title.slice(1), status },
      ...{ detail: error.message, code: error.code, errors: error.errors },
    }),
  }
}
