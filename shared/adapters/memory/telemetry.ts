import type { Telemetry } from '../../ports.ts'

export interface MemoryTelemetry {
  telemetry: Telemetry
  told: Told
}

/** What was told of by then. */
export interface Told {
  /** What a counter, a gauge, or the count of a histogram has come to; 0 where nothing was told. */
  valueOf(name: string, labels?: Readonly<Record<string, string>>): number
  /** Spans that have ended, in that order. */
  spans: { name: string; parent: string | undefined; traceparent: string }[]
}

/** Telemetry kept in memory, with ids that count up. Spans at hand follow calls one at a time, not side by side. */
export function memoryTelemetry(): MemoryTelemetry {
  const values = new Map<string, number>()
  const spans: Told['spans'] = []
  const key = (name: string, labels: object) => `${name} ${JSON.stringify(Object.entries(labels).sort())}`
  const add = (name: string, labels: object, by: number) => {
    values.set(key(name, labels), (values.get(key(name, labels)) ?? 0) + by)
  }
  let ids = 0
  let current: string | undefined
  const telemetry: Telemetry = {
    count: (name, labels, by = 1) => add(name, labels, by),
    gauge: (name, labels, value) => void values.set(key(name, labels), value),
    observe: (name, labels) => add(name, labels, 1),
    span: async (name, { parent = current }, work) => {
      ids += 1
      const trace = parent?.split('-')[1] ?? ids.toString(16).padStart(32, '0')
      const traceparent = `00-${trace}-${ids.toString(16).padStart(16, '0')}-01`
      const before = current
      current = traceparent
      try {
        return await work()
      } finally {
        current = before
        spans.push({ name, parent, traceparent })
      }
    },
    traceparent: () => current,
  }
  return { telemetry, told: { spans, valueOf: (name, labels = {}) => values.get(key(name, labels)) ?? 0 } }
}
