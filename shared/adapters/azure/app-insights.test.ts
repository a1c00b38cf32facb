import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AppInsights as Endpoint, startAppInsights } from '../../../local/stand-ins/app-insights.ts'
import { memoryPorts } from '../memory/ports.ts'
import { AppInsights, connectionOf } from './app-insights.ts'
import { azureTelemetry } from './telemetry.ts'

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startAppInsights(randomUUID())
})
afterAll(() => endpoint.close())

function sending(of: { share?: number; connectionString?: string } = {}) {
  const { share = 1, connectionString = endpoint.connectionString } = of
  const telemetry = azureTelemetry({ share, slowMs: 60_000 })
  const { log, logged } = memoryPorts()
  const redact = (told: string) => told.replaceAll('hush', '***')
  const insights = new AppInsights(
    { connectionString, role: 'shop', instance: 'i1', share, redact, log, ca: endpoint.certificate },
    telemetry,
  )
  const from = endpoint.accepted.length
  return { telemetry, insights, logged, arrived: () => endpoint.accepted.slice(from) }
}
type Arrived = ReturnType<ReturnType<typeof sending>['arrived']>
const figures = (arrived: Arrived, name: string) =>
  arrived.flatMap(({ data: { baseData } }) => {
    const { metrics: [figure] = [], properties } = baseData as { metrics?: { name: string }[]; properties?: object }
    return figure?.name === `sidecart_${name}` ? [{ ...figure, properties }] : []
  })

test('figures arrive as what was counted since the time before, with their labels', async () => {
  const { telemetry, insights, arrived } = sending()
  telemetry.count('events_total', { hub: 'interactions', outcome: 'stored' }, 5)
  telemetry.gauge('published_age_seconds', {}, 90)
  await insights.send()
  telemetry.count('events_total', { hub: 'interactions', outcome: 'stored' }, 2)
  await insights.send()
  const properties = { hub: 'interactions', outcome: 'stored' }
  expect(figures(arrived(), 'events_total')).toEqual([
    { name: 'sidecart_events_total', value: 5, count: 1, properties },
    { name: 'sidecart_events_total', value: 2, count: 1, properties },
  ])
  expect(figures(arrived(), 'published_age_seconds').map(each => ({ ...each }))).toMatchObject([
    { value: 90 },
    { value: 90 },
  ])
  expect(arrived()[0]?.tags).toEqual({ 'ai.cloud.role': 'shop', 'ai.cloud.roleInstance': 'i1' })
})

test('an instance where nothing was counted sends nothing', async () => {
  const { telemetry, insights, arrived } = sending()
  telemetry.gauge('published_age_seconds', {}, 90)
  await insights.send()
  expect(arrived()).toEqual([])
})

test('durations arrive as sum, count and the bound that all of them are below', async () => {
  const { telemetry, insights, arrived } = sending()
  telemetry.observe('ingest_lag_ms', { hub: 'interactions' }, 90_000)
  await insights.send()
  for (const ms of [700, 900, 2_000]) telemetry.observe('ingest_lag_ms', { hub: 'interactions' }, ms)
  await insights.send()
  expect(figures(arrived(), 'ingest_lag_ms')).toMatchObject([
    { value: 90_000, count: 1, max: 300_000 },
    { value: 3_600, count: 3, max: 2_500 },
  ])
})

test('spans arrive in their trace, calls with what was called, and what was thrown without secrets', async () => {
  const { telemetry, insights, arrived } = sending()
  const wrong = () => Promise.reject(new TypeError('hush is no key'))
  await telemetry
    .span('publish', {}, async () => {
      const call = { startedAt: Date.now(), durationMs: 61_004.2, failed: false }
      telemetry.dependency({ ...call, name: 'read users', target: 'https://shop', resultCode: '200' })
      await wrong()
    })
    .catch(() => undefined)
  await insights.send()
  const [call, publish, exception] = arrived()
  expect([call?.data.baseType, publish?.data.baseType, exception?.data.baseType]).toEqual([
    ...['RemoteDependencyData', 'RemoteDependencyData', 'ExceptionData'],
  ])
  expect(call?.data.baseData).toMatchObject({ name: 'read users', duration: '0.00:01:01.004', resultCode: '200' })
  expect(call?.tags?.['ai.operation.parentId']).toBe(publish?.data.baseData.id)
  expect(new Set(arrived().map(({ tags }) => tags?.['ai.operation.id'])).size).toBe(1)
  expect(publish?.data.baseData).toMatchObject({ name: 'publish', success: false })
  expect(exception?.data.baseData).toMatchObject({ exceptions: [{ typeName: 'TypeError', message: '*** is no key' }] })
})

test('a span of the share says for how many it stands, one kept for its fault stands for itself', async () => {
  const { telemetry, insights, arrived } = sending({ share: 0.9999999 })
  await telemetry.span('well', {}, async () => undefined)
  await telemetry.span('logged', {}, async () => telemetry.fail())
  await insights.send()
  const rates = arrived().map(({ sampleRate }) => sampleRate)
  expect(rates).toEqual([expect.closeTo(99.99999, 4), undefined])
})

test.each([429, 503, 500] as const)(
  'what is refused with %i is sent with what comes next, and told of once',
  async status => {
    const { telemetry, insights, logged, arrived } = sending()
    endpoint.refuseNext({ status }, { status })
    telemetry.count('poisoned_messages_total', {})
    await insights.send()
    await insights.send()
    expect(arrived()).toEqual([])
    await insights.send()
    expect(figures(arrived(), 'poisoned_messages_total')).toHaveLength(1)
    expect(logged).toMatchObject([
      { level: 'warn', status, later: expect.any(Number) },
      { level: 'info', status: 200 },
    ])
  },
)

test('what is over the day’s quota is left out, and said so', async () => {
  const { telemetry, insights, logged, arrived } = sending()
  endpoint.refuseNext({ status: 439 })
  telemetry.count('poisoned_messages_total', {})
  await insights.send()
  await insights.send()
  expect([arrived(), logged]).toMatchObject([[], [{ status: 439, later: 0, left_out_so_far: expect.any(Number) }]])
})

test('while nobody answers, spans wait up to a bound and the app goes on', async () => {
  const connectionString = `InstrumentationKey=${randomUUID()};IngestionEndpoint=https://127.0.0.1:9/`
  const { telemetry, insights, logged } = sending({ connectionString })
  for (let span = 0; span < 2_100; span++) await telemetry.span('work', {}, async () => undefined)
  await insights.send()
  expect(logged).toMatchObject([{ level: 'warn', status: 0, refused: 2_000, left_out_so_far: 100 }])
})

test('a connection string names the resource and where it takes telemetry', () => {
  expect(connectionOf('InstrumentationKey=k;IngestionEndpoint=https://westeurope-5.in.ai.azure.com/')).toEqual({
    ...{ iKey: 'k', endpoint: 'https://westeurope-5.in.ai.azure.com/' },
  })
  expect(connectionOf('InstrumentationKey=k;EndpointSuffix=ai.azure.us').endpoint).toBe('https://dc.ai.azure.us/')
  expect(connectionOf('instrumentationkey=k').endpoint).toBe('https://dc.services.visualstudio.com/')
  expect(() => connectionOf('IngestionEndpoint=https://x/')).toThrow('has no InstrumentationKey')
})
