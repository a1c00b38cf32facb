import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Telemetry } from '../../ports.ts'
import { type Metric, type MetricName, metrics } from '../../schemas/telemetry.ts'

/** Figures of one instance, under the names of the table with the prefix `sidecart_`; those without labels begin at 0. */
export function telemetryFigures(): Pick<Telemetry, 'count' | 'gauge' | 'observe' | 'exposition'> & {
  /** Every series by now, histograms by bucket, sum and count. */
  series(): Promise<Series[]>
} {
  // Not the package's own registry, which is one for all code of a process.
  const registry = new Registry()
  const made = new Map<MetricName, Counter | Gauge | Histogram>()
  for (const [name, metric] of Object.entries(metrics)) made.set(name as MetricName, instrument(name, metric, registry))
  // The table says of each name which of the three it is.
  const of = <Kind>(name: MetricName): Kind => made.get(name) as Kind
  return {
    count: (name, labels, by = 1) => of<Counter>(name).inc(labels as Labels, by),
    gauge: (name, labels, value) => of<Gauge>(name).set(labels as Labels, value),
    observe: (name, labels, ms) => of<Histogram>(name).observe(labels as Labels, ms),
    exposition: () => registry.metrics(),
    series: async () =>
      (await registry.getMetricsAsJSON()).flatMap(({ name: metric, type, values }) =>
        values.map(({ value, labels, ...rest }) => ({
          ...{ metric, name: 'metricName' in rest ? String(rest.metricName) : metric, value, labels },
          // In the package's types a kind is a number, in its answers a word.
          kind: String(type) as Metric['kind'],
        })),
      ),
  }
}

/** What labels come to for every name alike. */
type Labels = Readonly<Partial<Record<string, string>>>

export interface Series {
  metric: string
  /** That of the metric, or of a histogram's part. */
  name: string
  kind: Metric['kind']
  labels: Readonly<Partial<Record<string, string | number>>>
  value: number
}

function instrument(name: string, { kind, help, labels, buckets = [] }: Metric, registry: Registry) {
  const of = { name: `sidecart_${name}`, help, labelNames: Object.keys(labels), registers: [registry] }
  switch (kind) {
    case 'counter':
      return new Counter(of)
    case 'gauge':
      return new Gauge(of)
    case 'histogram':
      return new Histogram({ ...of, buckets: [...buckets] })
  }
}
