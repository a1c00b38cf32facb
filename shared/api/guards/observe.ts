import type { Ports } from '../../ports.ts'
import { parseTraceparent } from '../../schemas/traceparent.ts'
import type { Guard } from '../handle.ts'

const refusals = { 401: '401', 403: '403', 429: '429' } as const
type Refusal = keyof typeof refusals

/**
 * Counts answers and their time, and answers within a span: one of the caller's trace where its header is well formed. The answer
 * says which, so that a caller finds what was logged.
 */
export const observe =
  ({ telemetry, clock }: Pick<Ports, 'telemetry' | 'clock'>): Guard =>
  ({ name, group }, next) =>
  request => {
    const header = request.headers.get('traceparent')
    const parent = header !== null && parseTraceparent(header) ? header : undefined
    return telemetry.span(name, { parent }, async () => {
      const started = clock()
      const answer = await next(request)
      const { status, headers } = answer
      telemetry.observe('http_request_duration_ms', { group }, clock() - started)
      telemetry.count('http_requests_total', { group, status: classOf(status) })
      if (isRefusal(status)) telemetry.count('refusals_total', { reason: refusals[status] })
      const traceparent = telemetry.traceparent()
      return traceparent === undefined ? answer : { ...answer, headers: { ...headers, traceparent } }
    })
  }

const isRefusal = (status: number): status is Refusal => status in refusals

function classOf(status: number): '2xx' | '3xx' | '4xx' | '5xx' {
  if (status >= 500) return '5xx'
  if (status >= 400) return '4xx'
  return status >= 300 ? '3xx' : '2xx'
}
