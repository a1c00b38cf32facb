import { AsyncLocalStorage } from 'node:async_hooks'
import type { Telemetry } from '../../ports.ts'
import { parseTraceparent, traceparentOf } from '../../schemas/traceparent.ts'

export interface MemoryTelemetry {
  telemetry: Telemetry
  told: Told
}

/** What was told of by then. */
export interface Told {
  /** What a counter, a gauge, or the count of a histogram has come to; 0 where nothing was told. */
  valueOf(name: string, labels?: Readonly<Record<string, string>>): number
  /** Names of which anything was told. */
  names(): Set<string>
  /** Spans that have ended, in that order. */
  spans: { name: string; parent: string | undefined; traceparent: string }[]
}

/** Telemetry kept in memory, with ids that count up. */
export function memoryTelemetry(): MemoryTelemetry {
  const values = new Map<string, number>()
  const spans: Told['spans'] = []
  const key = (name: string, labels: object): string => {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    return pairs.length === 0 ? name : `${name}{${pairs.sort().join()}}`
  }
  const add = (name: string, labels: object, by: number) => {
    values.set(key(name, labels), (values.get(key(name, labels)) ?? 0) + by)
  }
  let ids = 0
  const current = new AsyncLocalStorage<string>()
  const telemetry: Telemetry = {
    count: (name, labels, by = 1) => add(name, labels, by),
    gauge: (name, labels, value) => void values.set(key(name, labels), value),
    observe: (name, labels) => add(name, labels, 1),
    span: async (name, given, work) => {
      ids += 1
      const parent = parseTraceparent(given.parent) ? given.parent : current.getStore()
      const traceId = parseTraceparent(parent)?.traceId ?? ids.toString(16).padStart(32, '0')
      const traceparent = traceparentOf({ traceId, spanId: ids.toString(16).padStart(16, '0'), sampled: true })
      try {
        return await current.run(traceparent, work)
      } finally {
        spans.push({ name, parent, traceparent })
      }
    },
    traceparent: () => current.getStore(),
    exposition: async () => [...values].map(([series, value]) => `sidecart_${series} ${value}\n`).join(''),
  }
  const names = () => new Set([...values.keys()].map(series => series.replace(/\{.*/, '')))
  return { telemetry, told: { spans, names, valueOf: (name, labels = {}) => values.get(key(name, labels)) ?? 0 } }
}
