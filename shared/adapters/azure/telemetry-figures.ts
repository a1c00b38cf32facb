import type { Telemetry } from '../../ports.ts'
import { type Metric, type MetricName, metrics } from '../../schemas/telemetry.ts'

export interface Series {
  metric: string
  /** That of the metric, or of a histogram's part. */
  name: string
  kind: Metric['kind']
  labels: Readonly<Record<string, string>>
  value: number
}

/**
 * Figures of one instance, under the names of the table with the prefix `sidecart_`; those without labels begin at 0. They are told
 * several times an answer: a series is found by the values of its labels alone, which costs a tenth of what hashing them all does.
 */
export function telemetryFigures(): Pick<Telemetry, 'count' | 'gauge' | 'observe' | 'exposition'> & {
  /** Every series by now, histograms by bucket, sum and count. */
  series(): Promise<Series[]>
} {
  const kept = new Map<MetricName, Kept>()
  for (const [name, metric] of Object.entries(metrics)) kept.set(name as MetricName, new Kept(name, metric))
  // The table has every name.
  const cellOf = (name: MetricName, labels: object): Cell => (kept.get(name) as Kept).cell(labels as Labels)
  return {
    count: (name, labels, by = 1) => {
      if (!(by >= 0)) throw new RangeError(`Cannot add to ${name} as it only grows: current value is ${by}`)
      cellOf(name, labels).value += by
    },
    gauge: (name, labels, value) => {
      cellOf(name, labels).value = value
    },
    observe: (name, labels, ms) => {
      const cell = cellOf(name, labels)
      cell.value += ms
      cell.count += 1
      const { bounds } = cell
      let bucket = 0
      while (bucket < bounds.length && ms > (bounds[bucket] ?? 0)) bucket += 1
      cell.buckets[bucket] = (cell.buckets[bucket] ?? 0) + 1
    },
    series: async () => [...kept.values()].flatMap(each => each.series()),
    exposition: async () => [...kept.values()].map(each => each.text()).join('\n'),
  }
}

type Labels = Readonly<Record<string, string>>
interface Cell {
  labels: Labels
  /** Of a histogram the sum. */
  value: number
  count: number
  bounds: readonly number[]
  /** How many fell into each, the last is above all bounds. */
  buckets: Float64Array
}

class Kept {
  readonly #name: string
  readonly #metric: Metric
  readonly #labels: readonly string[]
  readonly #cells = new Map<string, Cell>()

  constructor(name: string, metric: Metric) {
    this.#name = `sidecart_${name}`
    this.#metric = metric
    this.#labels = Object.keys(metric.labels)
    if (this.#labels.length === 0) this.cell({})
  }

  cell(labels: Labels): Cell {
    let key = ''
    for (const label of this.#labels) key += `${labels[label]}\n`
    const known = this.#cells.get(key)
    if (known) return known
    const bounds = this.#metric.buckets ?? []
    const made: Cell = {
      labels: { ...labels },
      value: 0,
      count: 0,
      bounds,
      buckets: new Float64Array(bounds.length + 1),
    }
    this.#cells.set(key, made)
    return made
  }

  series(): Series[] {
    const { kind } = this.#metric
    const of = { metric: this.#name, kind }
    return [...this.#cells.values()].flatMap(({ labels, value, count, bounds, buckets }) => {
      if (kind !== 'histogram') return [{ ...of, name: this.#name, labels, value }]
      let below = 0
      const cumulated = [...bounds.map(String), '+Inf'].map((le, place) => {
        below += buckets[place] ?? 0
        return { ...of, name: `${this.#name}_bucket`, labels: { le, ...labels }, value: below }
      })
      const sum = { ...of, name: `${this.#name}_sum`, labels, value }
      return [...cumulated, sum, { ...of, name: `${this.#name}_count`, labels, value: count }]
    })
  }

  /** Source: Prometheus, exposition formats, text-based format. */
  text(): string {
    const head = [`# HELP ${this.#name} ${this.#metric.help}`, `# TYPE ${this.#name} ${this.#metric.kind}`]
    const lines = this.series().map(({ name, labels, value }) => {
      // Values are of closed sets: none needs escaping.
      const pairs = Object.entries(labels).map(([label, of]) => `${label}="${of}"`)
      return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
    })
    return `${[...head, ...lines].join('\n')}\n`
  }
}
