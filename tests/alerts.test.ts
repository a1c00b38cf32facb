import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { logEvents, metrics } from '../shared/schemas/telemetry.ts'
import { type Row, runKql } from './kql/run-kql.ts'

const root = join(import.meta.dirname, '..')
const Window = z.enum(['PT15M', 'PT30M', 'PT3H', 'P2D'])
const severity = z.int().min(0).max(4)
const Alerts = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), title: z.string(), severity, window: Window })),
  log: z.array(
    z.strictObject({
      ...{ name: z.string(), group: z.string(), severity, title: z.string(), means: z.string() },
      ...{ threshold: z.int(), window: Window, query: z.array(z.string()) },
    }),
  ),
  metric: z.array(z.looseObject({ name: z.string(), title: z.string(), severity, threshold: z.int(), window: Window })),
})
const alerts = Alerts.parse(JSON.parse(readFileSync(join(root, 'infra/bicep/alerts.json'), 'utf8')))
const Rules = z.object({ alerts: z.object({ everyMinutes: z.int(), logRules: z.int() }) })
const profiles = z
  .object({ starter: Rules, enterprise: Rules })
  .parse(JSON.parse(readFileSync(join(root, 'infra/bicep/profiles.json'), 'utf8')))
const now = Date.UTC(2026, 10, 22, 12)
const minutesAgo = (minutes: number) => now - minutes * 60_000
const windowMs = { PT15M: 900_000, PT30M: 1_800_000, PT3H: 10_800_000, P2D: 172_800_000 }

/** A record of the app as Application Insights keeps it. */
const record = (minutes: number, of: Row): Row => ({
  ...{ timestamp: minutesAgo(minutes), message: JSON.stringify({ level: 'info', ...of }) },
})
const metric = (minutes: number, name: string, hub: string, of: Row): Row => ({
  ...{ timestamp: minutesAgo(minutes), name: `sidecart_${name}`, customDimensions: { hub }, ...of },
})
const request = (duration: number, resultCode: string, itemCount = 1): Row => ({
  ...{ timestamp: minutesAgo(1), url: 'https://shop/api/recommendations/u', duration, resultCode, itemCount },
})

type Data = Readonly<Record<string, readonly Row[]>>
/** What is well: nothing of it may call anybody. */
const calm: Data = {
  requests: Array.from({ length: 200 }, (_, index) => request(index < 8 ? 900 : 30, index < 8 ? '503' : '200')),
  traces: [
    record(25 * 60, { event: 'published' }),
    record(100, { event: 'heartbeat' }),
    record(3, { event: 'run_completed', kind: 'refresh' }),
    record(2, { note: 'run_failed, drift, poisoned, published: words that are no events' }),
  ],
  customMetrics: [
    metric(12, 'hub_events_total', 'interactions', { valueSum: 500 }),
    metric(11, 'events_total', 'interactions', { valueSum: 480 }),
    metric(5, 'ingest_lag_ms', 'interactions', { valueSum: 90_000, valueCount: 2 }),
  ],
}
const and = (table: string, rows: readonly Row[]): Data => ({ ...calm, [table]: [...(calm[table] ?? []), ...rows] })

/** What each alert is for, and what it then is about. */
const troubles: Readonly<Record<string, { data: Data; about: string[] }>> = {
  latency: { data: { ...calm, requests: [request(30, '200', 94), request(201, '200', 6)] }, about: ['p95 in ms'] },
  errors: {
    data: { ...calm, requests: [request(30, '200', 94), ...Array(6).fill(request(9, '500'))] },
    about: ['percent'],
  },
  'no-publish': {
    data: { ...calm, traces: [record(26 * 60 + 1, { event: 'published' }), record(9, { event: 'heartbeat' })] },
    about: ['lists'],
  },
  silent: {
    data: { ...calm, traces: [record(60, { event: 'published' }), record(181, { event: 'heartbeat' })] },
    about: ['app'],
  },
  'ingest-lag': {
    data: and('customMetrics', [metric(2, 'ingest_lag_ms', 'interactions', { valueSum: 99_000, valueCount: 1 })]),
    about: ['interactions'],
  },
  'ingest-stopped': {
    data: and('customMetrics', [metric(12, 'hub_events_total', 'catalog-changes', { valueSum: 1 })]),
    about: ['catalog-changes'],
  },
  'run-failed': {
    data: and('traces', [
      record(1, { event: 'run_failed', kind: 'lake' }),
      record(2, { event: 'run_failed', kind: 'refresh' }),
    ]),
    about: ['lake', 'refresh'],
  },
  poisoned: { data: and('traces', [record(1, { event: 'poisoned', kind: 'lake' })]), about: ['lake'] },
  'dead-letters': {
    data: and('traces', [record(1, { event: 'dead_letters', hub: 'interactions' })]),
    about: ['interactions'],
  },
  'data-quality': { data: and('traces', [record(1, { event: 'data_quality_low' })]), about: [''] },
  drift: { data: and('traces', [record(1, { event: 'drift', kind: 'refresh' })]), about: ['refresh'] },
  'rolled-back': { data: and('traces', [record(1, { event: 'rolled_back' })]), about: [''] },
  'model-refused': { data: and('traces', [record(1, { event: 'model_refused' })]), about: [''] },
  'dependency-away': {
    data: and('traces', [record(1, { event: 'dependency_away', dependency: 'cosmos' })]),
    about: ['cosmos'],
  },
  'erasure-failed': { data: and('traces', [record(1, { event: 'erasure_failed' })]), about: [''] },
  budget: { data: and('traces', [record(1, { event: 'budget_slowed' })]), about: [''] },
}

const firing = (name: string, data: Data): Row[] => {
  const alert = alerts.log.find(each => each.name === name)
  if (!alert) throw new RangeError(`There is no alert ${name}`)
  return runKql(alert.query.join('\n'), data, now).filter(({ value }) => Number(value) > alert.threshold)
}

describe('an alert', () => {
  test.each(alerts.log.map(({ name }) => name))(
    '%s is silent while all is well, and fires for what it is for',
    name => {
      expect(firing(name, calm)).toEqual([])
      const { data, about } = troubles[name] ?? { data: {}, about: [] }
      expect(firing(name, data).map(row => row.about)).toEqual(about)
    },
  )

  test('of what did not happen fires when there is no data at all, and no other does', () => {
    const fired = alerts.log.filter(({ name }) => firing(name, {}).length > 0).map(({ name }) => name)
    expect(fired).toEqual(['no-publish', 'silent'])
  })

  test('looks back no further than its window, its group no less than its alerts, and not before the rule ran last', () => {
    for (const { name, group, window, query } of alerts.log) {
      const spans = [...query.join(' ').matchAll(/ago\((\d+)([mh])\)/g)].map(
        ([, of, unit]) => Number(of) * (unit === 'm' ? 60_000 : 3_600_000),
      )
      expect([name, Math.max(...spans) <= windowMs[window]]).toEqual([name, true])
      expect([name, Math.max(...spans) >= 15 * 60_000]).toEqual([name, true])
      const of = alerts.groups.find(each => each.name === group)
      expect([name, windowMs[of?.window ?? 'PT15M'] >= windowMs[window]]).toEqual([name, true])
    }
  })

  test('of a few requests fires for no slow or failed one: a shop that sleeps wakes up slowly', () => {
    const few = { ...calm, requests: Array(19).fill(request(3_000, '500')) }
    expect([...firing('latency', few), ...firing('errors', few)]).toEqual([])
  })

  test('has a name and a threshold of its own, and a group', () => {
    const names = [...alerts.log, ...alerts.metric, ...alerts.groups].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect([...new Set(alerts.log.map(({ group }) => group))].sort()).toEqual(
      alerts.groups.map(({ name }) => name).sort(),
    )
  })
})

test('starter pays for a rule a group, enterprise for a rule an alert, and none runs more rarely than it looks back', () => {
  const { starter, enterprise } = profiles
  expect(starter.alerts.logRules).toBe(alerts.groups.length)
  expect(enterprise.alerts.logRules).toBeGreaterThanOrEqual(alerts.log.length)
  for (const { everyMinutes } of [starter.alerts, enterprise.alerts]) expect(everyMinutes).toBeLessThanOrEqual(15)
})

test('all alerts of a group in one query, as a small deployment has them, fire one by one', () => {
  const union = (group: string) => {
    const parts = alerts.log.filter(alert => alert.group === group)
    // As modules/alerts.bicep puts it together.
    const queries = parts.map(
      ({ name, query, threshold }) =>
        `${query.join('\n')}\n| project alert = '${name}', about, value = todouble(value), over = todouble(value) - ${threshold}`,
    )
    return `union (${queries.join('),\n(')})`
  }
  for (const { name } of alerts.groups) {
    expect(runKql(union(name), calm, now).filter(({ over }) => Number(over) > 0)).toEqual([])
  }
  const traces = [record(1, { event: 'run_failed', kind: 'lake' }), record(1, { event: 'drift', kind: 'refresh' })]
  const fired = runKql(union('events'), and('traces', traces), now).filter(({ over }) => Number(over) > 0)
  expect(fired.map(({ alert, about }) => [alert, about])).toEqual([
    ['run-failed', 'lake'],
    ['drift', 'refresh'],
  ])
})

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))
const KqlItem = z.object({ type: z.literal(3), content: z.object({ title: z.string(), query: z.string() }) })
const Workbook = z.object({ version: z.literal('Notebook/1.0'), items: z.array(z.looseObject({ type: z.int() })) })
const workbook = Workbook.parse(read('infra/bicep/workbook.json'))
const workbookQueries = workbook.items.filter(({ type }) => type === 3).map(item => KqlItem.parse(item).content.query)
const Panel = z.looseObject({
  type: z.enum(['row', 'timeseries']),
  title: z.string(),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
})
const panels = z.object({ panels: z.array(Panel) }).parse(read('infra/grafana/sidecart.json')).panels
const promQl = panels.flatMap(({ targets }) => targets.map(({ expr, legendFormat }) => `${expr} # ${legendFormat}`))

type MetricTable = Readonly<Record<string, { kind: string; labels: Readonly<Record<string, readonly string[]>> }>>
const table: MetricTable = metrics
/** The metrics that a query reads. */
const metricsIn = (query: string) => [...query.matchAll(/\bsidecart_([a-z0-9_]+)\b/g)].map(([, name = '']) => name)
const labelsOf = (names: readonly string[]) => names.flatMap(name => Object.keys(table[name]?.labels ?? {}))

describe('queries name only what the app emits', () => {
  const kql = [...alerts.log.map(({ query }) => query.join('\n')), ...workbookQueries]

  test.each(kql)('in KQL: %s', query => {
    expect(metricsIn(query).filter(name => !table[name])).toEqual([])
    const events = [...query.matchAll(/event\) (?:==|in) \(?([^)\n]+)/g)].flatMap(
      ([, names = '']) => names.match(/\w+/g) ?? [],
    )
    expect(events.filter(event => !(event in logEvents))).toEqual([])
    expect(metricsIn(query).length + events.length > 0 || query.startsWith('requests')).toBe(true)
    const labels = [...query.matchAll(/customDimensions\.(\w+)/g)].map(([, label = '']) => label)
    expect(labels.filter(label => !labelsOf(metricsIn(query)).includes(label))).toEqual([])
  })

  test.each(promQl)('in PromQL: %s', query => {
    const names = metricsIn(query)
    expect(names.length).toBeGreaterThan(0)
    const plain = names.map(name => (table[name] ? name : name.replace(/_(bucket|sum|count)$/, '')))
    expect(plain.filter(name => !table[name])).toEqual([])
    // Only a histogram has parts.
    expect(plain.filter((name, index) => name !== names[index] && table[name]?.kind !== 'histogram')).toEqual([])
    const labels = [...query.matchAll(/by \(([^)]+)\)|\{\{(\w+)\}\}|\{(\w+)="/g)]
      .flatMap(([, by, legend, filter]) => (by ?? legend ?? filter ?? '').split(', '))
      .filter(label => label !== 'le')
    expect(labels.filter(label => !labelsOf(plain).includes(label))).toEqual([])
    for (const [, label = '', value = ''] of query.matchAll(/\{(\w+)="(\w+)"\}/g)) {
      expect(plain.flatMap(name => table[name]?.labels[label] ?? [])).toContain(value)
    }
  })
})

test('both pages ask in the operator’s order: up, flowing, fresh, good, safe, cheap', () => {
  const order = ['Is it up?', 'Is data flowing?', 'Is it fresh?', 'Is it good?', 'Is it safe?', 'Is it cheap?']
  expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual(order)
  expect(workbook.items.filter(({ type }) => type === 1).map(({ name }) => name)).toEqual(order)
})
