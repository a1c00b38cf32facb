import { JobKind } from './run.ts'
import { rungs } from './rung.ts'

/** No metric has more series than this: labels come from small closed sets, never a user or an item. */
export const seriesMax = 50

type LabelSets = Readonly<Record<string, readonly string[]>>
export interface Metric {
  kind: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: LabelSets
  /** Of a histogram: upper bounds in milliseconds. */
  buckets?: readonly number[]
}

/** Around the goals: 100 ms of an answer, 200 where somebody is called, 300 where a model goes back. */
const ofAnswers = [5, 10, 25, 50, 100, 200, 300, 500, 1_000, 2_500, 5_000, 10_000, 30_000]
/** Around the goals: 5 s from event to list, 10 min of lag where somebody is called. */
const ofEvents = [250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000]
const ofRuns = [1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000]

const counter = <const L extends LabelSets>(help: string, labels: L) => ({ kind: 'counter', help, labels }) as const
const gauge = <const L extends LabelSets>(help: string, labels: L) => ({ kind: 'gauge', help, labels }) as const
/** Of durations in milliseconds. */
const histogram = <const L extends LabelSets>(help: string, labels: L, buckets: readonly number[]) =>
  ({ kind: 'histogram', help, labels, buckets }) as const

/** What runs the code: each is billed and scaled on its own. */
export const triggers = ['http', 'interactions', 'catalog-changes', 'run-chunks', 'run-chunks-poison', 'clock'] as const
export type Trigger = (typeof triggers)[number]
/** What spends request units: what an instance does between invocations is put down to none of them. */
const spenders = [...triggers, 'none'] as const
/** Of endpoints: under what the documentation lists them. */
const endpointGroups = [
  ...['recommendations', 'catalogue', 'users', 'events', 'jobs', 'models', 'configuration', 'privacy', 'service'],
] as const
const statusClasses = ['2xx', '3xx', '4xx', '5xx'] as const
export const hubs = ['interactions', 'catalog-changes'] as const
const jobKinds = JobKind.options

/**
 * Every metric the app emits, as Prometheus names it less the prefix `sidecart_`. Alerts, the workbook, the dashboard and the cost
 * page read these; a test holds them to it.
 */
export const metrics = {
  http_requests_total: counter('Requests answered', { group: endpointGroups, status: statusClasses }),
  http_request_duration_ms: histogram('Time to an answer, in milliseconds', { group: endpointGroups }, ofAnswers),
  refusals_total: counter('Requests refused by a guard', { reason: ['401', '403', '429'] }),
  lists_total: counter('Lists answered, by the rung of their first item', { rung: [...rungs, 'none'] }),
  lists_degraded_total: counter('Lists made without something that did not answer in time', {}),
  cache_reads_total: counter('Reads answered from memory, or not', {
    cache: ['users', 'lists', 'made'],
    outcome: ['hit', 'miss'],
  }),
  events_total: counter('Events read from a hub, by what became of them', {
    hub: hubs,
    outcome: ['stored', 'rejected', 'erased', 'declined'],
  }),
  ingest_lag_ms: histogram(
    'From enqueued to taken in, of the oldest event of a batch, in milliseconds',
    { hub: hubs },
    ofEvents,
  ),
  dead_letters_total: counter('Events kept aside with their reasons', { hub: hubs }),
  runs_total: counter('Runs that ended', { kind: jobKinds, status: ['completed', 'failed', 'cancelled'] }),
  run_duration_ms: histogram('From start to end of a run, in milliseconds', { kind: jobKinds }, ofRuns),
  chunks_total: counter('Chunks run, by what became of them', { kind: jobKinds, outcome: ['completed', 'failed'] }),
  poisoned_messages_total: counter('Messages that were given up', {}),
  published_age_seconds: gauge('Age of the published lists', {}),
  model_agreement_ratio: gauge('Share of the best ten that a fold-in and a full fit agree on', {}),
  data_quality_ratio: gauge('Accepted rows of a run of the lake', {}),
  model_refused_total: counter('Models not loaded, as their bytes were not those published', {}),
  erasures_total: counter('Erasures that ended', { status: ['completed', 'failed'] }),
  dependency_up: gauge('1 while the service answers, 0 while calls to it are held back', {
    dependency: ['cosmos', 'storage'],
  }),
  request_units_total: counter('Request units of Cosmos DB', { trigger: spenders }),
  throttled_total: counter('Requests that Cosmos DB refused with 429', { trigger: spenders }),
  executions_total: counter('Invocations', { trigger: triggers }),
  active_ms_total: counter('Time in which at least one invocation ran, as Flex Consumption bills it', {
    trigger: triggers,
  }),
  storage_operations_total: counter('Requests to storage', {
    service: ['blob', 'queue'],
    kind: ['read', 'write', 'list'],
  }),
  hub_events_total: counter('Events sent to a hub', { hub: hubs }),
  log_bytes_total: counter('Bytes of log records', { level: ['info', 'warn', 'error'] }),
  month_cost_dollars: gauge('What this month has cost so far, by the price table', {}),
  month_forecast_dollars: gauge('What this month will have cost if it goes on so', {}),
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metrics
type NameOf<Kind extends Metric['kind']> = {
  [Name in MetricName]: (typeof metrics)[Name]['kind'] extends Kind ? Name : never
}[MetricName]
export type CounterName = NameOf<'counter'>
export type GaugeName = NameOf<'gauge'>
export type HistogramName = NameOf<'histogram'>
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in keyof (typeof metrics)[Name]['labels']]: (typeof metrics)[Name]['labels'][Label] extends readonly (infer Value)[]
    ? Value
    : never
}

/**
 * Names of the log records that somebody is called for, or that an operator's page counts: the `event` of a record. Records
 * without one are for reading.
 */
export const logEvents = {
  run_completed: 'A run ended well',
  run_failed: 'A run was given up; its error is in the record',
  published: 'New lists are live',
  rolled_back: 'The lists of before are live again',
  heartbeat: 'Once an hour: age of the published lists, and what the month has cost',
  dead_letters: 'Events were kept aside with their reasons',
  poisoned: 'A message of a job was given up after five tries',
  drift: 'Fold-ins and the last full fit disagree, so that all is fitted anew',
  data_quality_low: 'A run of the lake refused too many rows',
  model_refused: 'The bytes of a model are not those published; the one before stays',
  dependency_away: 'A service does not answer, and calls to it are held back',
  dependency_back: 'It answers again',
  throttled: 'Cosmos DB refused requests with 429',
  erasure_completed: 'A person was erased, and nothing of them was found afterwards',
  erasure_failed: 'An erasure was given up, or something was found afterwards',
  budget_slowed: 'The month’s budget is being used up too fast: refreshes are rarer',
  budget_restored: 'The month’s budget suffices again',
} as const
export type LogEvent = keyof typeof logEvents
