import type { Telemetry } from '../ports.ts'
import { parseTraceparent } from '../schemas/traceparent.ts'
import type { Delivered } from './delivered.ts'

/** So many trace ids of a batch are told; a batch of all senders at once has hundreds. */
const tracesMax = 32

/** Traces that a batch joins, for its record; nothing where it goes on with the one there is. */
export interface BatchTraces {
  traces?: string[]
  traces_untold?: number
}

/**
 * Runs what a batch is for as a span: of the trace that all its events were sent in, where that is one; else the first of a trace of
 * its own, and the record names those it joins.
 */
export function inBatchTrace<T>(
  name: string,
  events: readonly Pick<Delivered, 'traceparent'>[],
  { telemetry, work }: { telemetry: Telemetry; work: (joined: BatchTraces) => Promise<T> },
): Promise<T> {
  const places = new Map<string, string>()
  for (const { traceparent } of events) {
    const traceId = parseTraceparent(traceparent)?.traceId
    if (traceId !== undefined && traceparent !== undefined) places.set(traceId, traceparent)
  }
  const [parent] = places.values()
  if (places.size <= 1) return telemetry.span(name, { parent }, () => work({}))
  const traces = [...places.keys()].slice(0, tracesMax)
  const untold = places.size - traces.length
  return telemetry.span(name, {}, () => work({ traces, ...(untold > 0 ? { traces_untold: untold } : {}) }))
}
