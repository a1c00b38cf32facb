import type { Log } from '../ports.ts'
import { AppError, errorCodes } from '../schemas/errors.ts'
import type { Endpoint } from './endpoint.ts'
import type { ApiAnswer, ApiRequest } from './request.ts'

/**
 * Runs an endpoint and turns what it gives, or the AppError it throws, into an answer: here alone a code becomes a
 * status. Errors are application/problem+json (RFC 9457) with code and, per finding, field, value and reason.
 */
export async function handle(endpoint: Endpoint, request: ApiRequest, log: Log): Promise<ApiAnswer> {
  try {
    const { status = 200, headers = {}, body } = await endpoint.run(request)
    const isText = typeof body === 'string'
    return {
      status,
      headers: { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers },
      body: isText ? body : JSON.stringify(body),
    }
  } catch (cause) {
    if (cause instanceof AppError) return problem(errorCodes[cause.code], cause)
    const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    log.error({ stage: 'http', endpoint: endpoint.name, error })
    return problem(500, { code: 'internal', message: 'Something broke on our side; it is in the log', errors: [] })
  }
}

function problem(status: number, error: Pick<AppError, 'message' | 'errors'> & { code: string }): ApiAnswer {
  const title = error.code.replaceAll('_', ' ')
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      ...{ type: 'about:blank', title: title.charAt(0).toUpperCase() + title.slice(1), status },
      ...{ detail: error.message, code: error.code, errors: error.errors },
    }),
  }
}
