import { AsyncLocalStorage } from 'node:async_hooks'
import { randomFillSync } from 'node:crypto'
import type { Telemetry } from '../../ports.ts'
import type { Trigger } from '../../schemas/telemetry.ts'
import { parseTraceparent, type TracePlace, traceparentOf } from '../../schemas/traceparent.ts'
import { type Series, telemetryFigures } from './telemetry-figures.ts'

/** What an instance tells of itself: figures in cells of our own, spans by Node's async contexts (docs/decisions/0022). */
export interface AzureTelemetry extends Telemetry {
  /**
   * Runs an invocation of a trigger: what is spent meanwhile is put down to it. `traceparent` is the host's, from which spans
   * without another parent go on.
   */
  invocation<T>(of: { trigger: Trigger; traceparent?: string | undefined }, work: () => Promise<T>): Promise<T>
  /** The trigger whose invocation is at hand. */
  trigger(): Trigger | undefined
  /** The span at hand. */
  place(): TracePlace | undefined
  /** Something went wrong in the span at hand: it is kept whatever the share. */
  fail(): void
  /** Tells of a call to another service that has ended, as a span below the one at hand. */
  dependency(call: Call): void
  /** Who is told of spans worth keeping. One at a time: the last. */
  keep(keeper: (span: KeptSpan) => void): void
  series(): Promise<Series[]>
}

interface Call {
  name: string
  /** The service that was called. */
  target: string
  /** Milliseconds since 1970. */
  startedAt: number
  durationMs: number
  failed: boolean
  resultCode: string
}

export interface KeptSpan extends Omit<Call, 'target' | 'resultCode'> {
  traceId: string
  spanId: string
  parentId: string | undefined
  /** Of a call to a service. */
  called?: Pick<Call, 'target' | 'resultCode'>
  /** What the work threw. */
  thrown?: unknown
  /** Stands for others: it is kept as one of the share, not for what became of it. */
  isSample: boolean
}

export interface Sampling {
  /** Share of traces kept whatever becomes of them, 0 to 1. */
  share: number
  /** Spans at least as long are kept in any case. */
  slowMs: number
}

interface Context {
  trigger?: Trigger | undefined
  /** Of the host's own span of the invocation. */
  host?: TracePlace | undefined
  span?: OpenSpan | undefined
}

interface OpenSpan extends TracePlace {
  failed: boolean
}

export function azureTelemetry(sampling: Sampling): AzureTelemetry {
  const contexts = new AsyncLocalStorage<Context>()
  let keeper: ((span: KeptSpan) => void) | undefined
  const keep = (span: Omit<KeptSpan, 'isSample'>, sampled: boolean): void => {
    if (!keeper) return
    const isTold = span.failed || span.durationMs >= sampling.slowMs
    if (isTold || sampled) keeper({ ...span, isSample: !isTold })
  }
  return {
    ...telemetryFigures(),
    invocation: ({ trigger, traceparent }, work) =>
      contexts.run({ trigger, host: parseTraceparent(traceparent) }, work),
    trigger: () => contexts.getStore()?.trigger,
    place: () => contexts.getStore()?.span,
    fail: () => {
      const { span } = contexts.getStore() ?? {}
      if (span) span.failed = true
    },
    span: async (name, { parent }, work) => {
      const context = contexts.getStore() ?? {}
      const before = parentOf(context, parseTraceparent(parent))
      const traceId = before?.traceId ?? randomHex(16)
      const span: OpenSpan = { ...{ traceId, spanId: randomHex(8) }, ...sampled(traceId, sampling), failed: false }
      const of = { name, ...{ traceId, spanId: span.spanId, parentId: before?.spanId }, startedAt: Date.now() }
      const started = performance.now()
      const end = (failed: boolean, thrown?: unknown) => {
        const durationMs = performance.now() - started
        keep({ ...of, durationMs, failed, ...(thrown === undefined ? {} : { thrown }) }, span.sampled)
      }
      try {
        const made = await contexts.run({ ...context, span }, work)
        end(span.failed)
        return made
      } catch (cause) {
        end(true, cause)
        throw cause
      }
    },
    traceparent: () => {
      const { span } = contexts.getStore() ?? {}
      return span && traceparentOf(span)
    },
    dependency: ({ target, resultCode, ...call }) => {
      const { span } = contexts.getStore() ?? {}
      if (!keeper || !span) return
      const { traceId, spanId: parentId } = span
      const isKept = span.sampled || call.failed || call.durationMs >= sampling.slowMs
      if (!isKept) return
      keep({ ...call, called: { target, resultCode }, traceId, spanId: randomHex(8), parentId }, span.sampled)
    },
    keep: to => {
      keeper = to
    },
  }
}

/** Where the host's span of the invocation is in the trace that was handed over, it lies between. */
function parentOf({ span, host }: Context, given: TracePlace | undefined): TracePlace | undefined {
  if (!given) return span ?? host
  return !span && host?.traceId === given.traceId ? host : given
}

const pool = Buffer.alloc(4_096)
let used = pool.length

/** So many random bytes in hexadecimal, drawn by the page: a draw of its own for each id costs as much as all the rest of a span. */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** By the trace's id, so that all who see a part of a trace decide alike. */
function sampled(traceId: string, { share }: Sampling): Pick<TracePlace, 'sampled'> {
  return { sampled: Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32 }
}
