import type { Redact } from '../../ports.ts'
import type { KeptSpan } from './telemetry.ts'
import type { Series } from './telemetry-figures.ts'

/** An item as the ingestion endpoint takes it. */
export interface Envelope {
  name: string
  time: string
  iKey: string
  tags: Readonly<Record<string, string>>
  /** Percent of its like that are sent: Application Insights counts each for so many more. */
  sampleRate?: number
  data: { baseType: string; baseData: Readonly<Record<string, unknown>> & { ver: 2 } }
}

export interface EnvelopeOf {
  iKey: string
  /** Who sends: the app, and which instance of it. */
  tags: Readonly<Record<string, string>>
  /** Of spans kept as a share, 0 to 1. */
  share: number
  redact: Redact
}

/** A span as a dependency, with its exception where it threw. Source: Application Insights' data model, version 2. */
export function spanEnvelopes(span: KeptSpan, { iKey, tags, share, redact }: EnvelopeOf): Envelope[] {
  const { name, called, failed, thrown, startedAt, durationMs } = span
  const operation: Record<string, string> = { ...tags, 'ai.operation.id': span.traceId }
  if (span.parentId !== undefined) operation['ai.operation.parentId'] = span.parentId
  const told = (of: string, baseData: Envelope['data']['baseData'], atMs: number): Envelope => ({
    ...{ name: `Microsoft.ApplicationInsights.${of}`, time: new Date(atMs).toISOString(), iKey, tags: operation },
    ...(span.isSample ? { sampleRate: share * 100 } : {}),
    data: { baseType: `${of}Data`, baseData },
  })
  const dependency = told(
    'RemoteDependency',
    {
      ...{ ver: 2, name, id: span.spanId, duration: durationOf(durationMs), success: !failed },
      ...{ resultCode: called?.resultCode ?? '', target: called?.target ?? '' },
      type: called ? 'Azure DocumentDB' : 'InProc',
    },
    startedAt,
  )
  if (thrown === undefined) return [dependency]
  const { name: typeName, message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown))
  const exceptions = [{ typeName, message: redact(message), hasFullStack: true, stack: redact(stack) }]
  return [dependency, told('Exception', { ver: 2, exceptions, severityLevel: 3 }, startedAt + durationMs)]
}

/** Days, hours, minutes, seconds. */
function durationOf(ms: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const clock = [two((ms / 3_600_000) % 24), two((ms / 60_000) % 60), ((ms / 1_000) % 60).toFixed(3).padStart(6, '0')]
  return `${Math.floor(ms / 86_400_000)}.${clock.join(':')}`
}

/** What was counted since the time before, and gauges as they are: nothing at all where nothing was counted. */
export class FigureDeltas {
  #before = new Map<string, number>()

  envelopes(series: readonly Series[], atMs: number, { iKey, tags }: Pick<EnvelopeOf, 'iKey' | 'tags'>): Envelope[] {
    const now = new Map(series.map(each => [keyOf(each), each.value]))
    const deltaOf = (each: Series) => each.value - (this.#before.get(keyOf(each)) ?? 0)
    const moved = series.some(each => each.kind !== 'gauge' && deltaOf(each) !== 0)
    const figures = moved ? [...gauges(series), ...counters(series, deltaOf), ...histograms(series, deltaOf)] : []
    this.#before = now
    return figures.map(({ name, properties, ...value }) => ({
      ...{ name: 'Microsoft.ApplicationInsights.Metric', time: new Date(atMs).toISOString(), iKey, tags },
      data: { baseType: 'MetricData', baseData: { ver: 2, metrics: [{ name, ...value }], properties } },
    }))
  }
}

interface Figure {
  name: string
  properties: Record<string, string>
  value: number
  count: number
  min?: number
  max?: number
}

const keyOf = ({ name, labels }: Series): string => JSON.stringify([name, labels])
const labelsOf = ({ labels: { le: _, ...labels } }: Series): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)]))

const gauges = (series: readonly Series[]): Figure[] =>
  series
    .filter(({ kind }) => kind === 'gauge')
    .map(each => ({ name: each.metric, properties: labelsOf(each), value: each.value, count: 1 }))

function counters(series: readonly Series[], deltaOf: (each: Series) => number): Figure[] {
  return series.flatMap(each => {
    const value = each.kind === 'counter' ? deltaOf(each) : 0
    return value === 0 ? [] : [{ name: each.metric, properties: labelsOf(each), value, count: 1 }]
  })
}

/** Sum and count; the longest is known as far as buckets tell: by the upper bound of the last that anything fell into. */
function histograms(series: readonly Series[], deltaOf: (each: Series) => number): Figure[] {
  const parts = series.filter(({ kind }) => kind === 'histogram')
  const bySeries = Map.groupBy(parts, each => JSON.stringify([each.metric, labelsOf(each)]))
  return [...bySeries.values()].flatMap(all => {
    const of = (part: string) => all.find(({ name, metric }) => name === `${metric}_${part}`)
    const [sum, counted, [first]] = [of('sum'), of('count'), all]
    const count = counted ? deltaOf(counted) : 0
    if (count === 0 || !sum || !first) return []
    const bounds = all.filter(({ labels: { le } }) => le !== undefined && le !== '+Inf')
    const reached = bounds.find(each => deltaOf(each) === count) ?? bounds.at(-1)
    const max = Number(reached?.labels.le)
    return [{ name: first.metric, properties: labelsOf(first), value: deltaOf(sum), count, min: 0, max }]
  })
}
