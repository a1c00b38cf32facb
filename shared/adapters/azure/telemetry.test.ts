import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { metrics, seriesMax } from '../../schemas/telemetry.ts'
import { type AzureTelemetry, azureTelemetry, type KeptSpan } from './telemetry.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`
const other = '11f7651916cd43dd8448eb211c80319c'

function keeping(share: number, slowMs = 60_000): { telemetry: AzureTelemetry; kept: KeptSpan[] } {
  const telemetry = azureTelemetry({ share, slowMs })
  const kept: KeptSpan[] = []
  telemetry.keep(span => kept.push(span))
  return { telemetry, kept }
}

test('figures are told in the format of Prometheus, with what the table says of them', async () => {
  const { telemetry } = keeping(1)
  telemetry.count('runs_total', { kind: 'lake', status: 'failed' })
  telemetry.count('runs_total', { kind: 'lake', status: 'failed' }, 2)
  telemetry.gauge('published_age_seconds', {}, 7)
  telemetry.observe('ingest_lag_ms', { hub: 'interactions' }, 700)
  const lines = (await telemetry.exposition()).split('\n')
  expect(lines).toContain('# TYPE sidecart_runs_total counter')
  expect(lines).toContain('sidecart_runs_total{kind="lake",status="failed"} 3')
  expect(lines).toContain('sidecart_published_age_seconds 7')
  expect(lines.filter(line => line.startsWith('sidecart_ingest_lag_ms_bucket{')).slice(1, 4)).toEqual([
    'sidecart_ingest_lag_ms_bucket{le="500",hub="interactions"} 0',
    'sidecart_ingest_lag_ms_bucket{le="1000",hub="interactions"} 1',
    'sidecart_ingest_lag_ms_bucket{le="2500",hub="interactions"} 1',
  ])
  expect(lines).toContain('sidecart_ingest_lag_ms_sum{hub="interactions"} 700')
})

test('an instance has figures of its own: two adapters of one process do not add up', async () => {
  const [one, another] = [azureTelemetry({ share: 0, slowMs: 1 }), azureTelemetry({ share: 0, slowMs: 1 })]
  one.count('erasures_total', { status: 'failed' })
  expect(await another.exposition()).not.toContain('status="failed"')
})

test('no metric can have more series than the table allows, and its buckets grow', () => {
  for (const [name, { kind, labels, ...rest }] of Object.entries(metrics)) {
    const series = Object.values<readonly string[]>(labels).reduce((product, { length }) => product * length, 1)
    expect([name, series <= seriesMax, series > 0]).toEqual([name, true, true])
    expect([name, kind === 'histogram']).toEqual([name, 'buckets' in rest])
    if ('buckets' in rest) expect(rest.buckets.toSorted((a, b) => a - b)).toEqual(rest.buckets)
  }
})

test('a span is a child of the trace it is given, and its own spans are children of it', async () => {
  const { telemetry, kept } = keeping(1)
  await telemetry.span('outer', { parent: traceparent }, () => telemetry.span('inner', {}, async () => undefined))
  const [inner, outer] = kept
  expect([outer?.traceId, outer?.parentId]).toEqual([traceId, 'b7ad6b7169203331'])
  expect([inner?.traceId, inner?.parentId]).toEqual([traceId, outer?.spanId])
})

test('spans side by side are not each other’s, and outside of all there is none', async () => {
  const { telemetry } = keeping(1)
  const at = (parent: string) =>
    telemetry.span('side', { parent }, async () => {
      await new Promise(resolve => setImmediate(resolve))
      return telemetry.traceparent()?.split('-')[1]
    })
  expect(await Promise.all([at(traceparent), at(traceparent.replace(traceId, other))])).toEqual([traceId, other])
  expect([telemetry.traceparent(), telemetry.place(), telemetry.trigger()]).toEqual([undefined, undefined, undefined])
})

test('the host’s span of an invocation lies between a caller and ours; another’s trace does not lead there', async () => {
  const { telemetry, kept } = keeping(1)
  const host = `00-${traceId}-00000000000000aa-01`
  await telemetry.invocation({ trigger: 'http', traceparent: host }, async () => {
    expect(telemetry.trigger()).toBe('http')
    await telemetry.span('of the caller', { parent: traceparent }, async () => undefined)
    await telemetry.span('of nobody', {}, async () => undefined)
    await telemetry.span('of another', { parent: traceparent.replace(traceId, other) }, async () => undefined)
  })
  expect(kept.map(({ traceId: of, parentId }) => [of, parentId])).toEqual([
    [traceId, '00000000000000aa'],
    [traceId, '00000000000000aa'],
    [other, 'b7ad6b7169203331'],
  ])
})

test('what failed, what was logged as an error and what is slow is kept whatever the share', async () => {
  const { telemetry, kept } = keeping(0, 20)
  await telemetry.span('well', {}, async () => undefined)
  await telemetry.span('in vain', {}, () => Promise.reject(new TypeError('a bug'))).catch(() => undefined)
  await telemetry.span('logged', {}, async () => telemetry.fail())
  await telemetry.span('slow', {}, () => new Promise(resolve => setTimeout(resolve, 25)))
  await telemetry.span('calling', {}, async () => {
    const call = { target: 'cosmos', startedAt: Date.now(), failed: false, resultCode: '200' }
    telemetry.dependency({ ...call, name: 'read users', durationMs: 1 })
    telemetry.dependency({ ...call, name: 'read items', durationMs: 21 })
  })
  expect(kept.map(({ name }) => name)).toEqual(['in vain', 'logged', 'slow', 'read items'])
  expect(kept[0]?.thrown).toBeInstanceOf(TypeError)
})

test('of the rest the share is kept, whole traces of it, and the header says so', async () => {
  const { telemetry, kept } = keeping(0.25)
  const headers: string[] = []
  for (let trace = 0; trace < 400; trace++) {
    await telemetry.span('outer', {}, async () => {
      headers.push(telemetry.traceparent() ?? '')
      await telemetry.span('inner', {}, async () => undefined)
    })
  }
  const traces = Map.groupBy(kept, ({ traceId: of }) => of)
  expect(traces.size).toBeGreaterThan(50)
  expect(traces.size).toBeLessThan(160)
  expect([...traces.values()].every(({ length }) => length === 2)).toBe(true)
  expect(headers.filter(header => header.endsWith('-01'))).toHaveLength(traces.size)
})

test('the text is what Prometheus’ own client makes of the same figures', async () => {
  const { telemetry } = keeping(1)
  const { help, buckets } = metrics.ingest_lag_ms
  const registers = [new Registry()]
  const oracle = new Histogram({
    ...{ name: 'sidecart_ingest_lag_ms', help, labelNames: ['hub'], buckets: [...buckets], registers },
  })
  for (const ms of [0, 250, 251, 7_000, 9e9]) {
    telemetry.observe('ingest_lag_ms', { hub: 'interactions' }, ms)
    oracle.observe({ hub: 'interactions' }, ms)
  }
  expect(await telemetry.exposition()).toContain(await registers[0]?.metrics())
})
