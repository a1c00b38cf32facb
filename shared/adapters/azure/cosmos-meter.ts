import { z } from 'zod'
import type { Log } from '../../ports.ts'
import type { AzureTelemetry } from './telemetry.ts'

/** What the SDK hands its plugins of a request, */
interface Request {
  operationType?: string | undefined
  resourceType?: string | undefined
  path?: string | undefined
  endpoint?: string | undefined
}
/** and of an answer; a bulk request is answered with a list. */
interface Answer {
  code?: number | undefined
  headers: Readonly<Record<string, unknown>>
  result?: unknown
}

const Refusal = z.object({ code: z.number(), headers: z.record(z.string(), z.unknown()) })
/** Often enough to be seen, seldom enough to be paid. */
const throttledRecordMs = 60_000

/**
 * Meters every request the SDK sends, those it repeats by itself too: request units and refusals for lack of them by trigger, and
 * a span each. What it plugs into is in the SDK but not in its types; documents.test.ts would see it go.
 */
export function cosmosMeter({ telemetry, log }: { telemetry: AzureTelemetry; log: Log }) {
  let throttled = 0
  let toldAt = Number.NEGATIVE_INFINITY
  const refused = (requests: number): void => {
    telemetry.count('throttled_total', { trigger: telemetry.trigger() ?? 'none' }, requests)
    throttled += requests
    if (performance.now() - toldAt < throttledRecordMs) return
    log.warn({ event: 'throttled', stage: 'cosmos', requests: throttled })
    toldAt = performance.now()
    throttled = 0
  }
  const tell = (request: Request, startedAt: number, startedMs: number, { code = 0, headers, result }: Answer) => {
    const requestUnits = Number(headers['x-ms-request-charge'] ?? 0)
    if (requestUnits > 0) {
      telemetry.count('request_units_total', { trigger: telemetry.trigger() ?? 'none' }, requestUnits)
    }
    const refusals = (code === 429 ? 1 : 0) + refusedOperations(result)
    if (refusals > 0) refused(refusals)
    telemetry.dependency({
      ...{ name: nameOf(request), target: request.endpoint ?? '', startedAt },
      durationMs: performance.now() - startedMs,
      // That there is no such document, or another version of it, is an answer.
      ...{ failed: code === 0 || code === 429 || code >= 500, resultCode: String(code) },
    })
  }
  return {
    on: 'request',
    plugin: async (request: Request, _: unknown, next: (request: Request) => Promise<Answer>): Promise<Answer> => {
      const startedAt = Date.now()
      const startedMs = performance.now()
      try {
        const answer = await next(request)
        tell(request, startedAt, startedMs, answer)
        return answer
      } catch (cause) {
        tell(request, startedAt, startedMs, Refusal.safeParse(cause).data ?? { headers: {} })
        throw cause
      }
    },
  }
}

function refusedOperations(result: unknown): number {
  if (!Array.isArray(result)) return 0
  return result.filter(operation => operation?.statusCode === 429).length
}

/** Names no document: their ids are those of people. */
function nameOf({ operationType = 'request', resourceType = '', path = '' }: Request): string {
  const [, container = resourceType] = /\/colls\/([^/]+)/.exec(path) ?? []
  return `${operationType} ${container}`
}
