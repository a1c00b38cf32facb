import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type AppInsights, startAppInsights } from '../app-insights.ts'

const specification =
  'https://github.com/Azure/azure-rest-api-specs/blob/main/specification/applicationinsights/data-plane/Monitor.Exporters/preview/v2.1/swagger.json'
const rule = contract({
  track: specification,
  time: 'https://github.com/microsoft/ApplicationInsights-node.js/issues/1466',
  newer: 'https://github.com/microsoft/ApplicationInsights-JS/issues/2283',
  model: 'https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete',
  retry:
    'https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/monitor/monitor-opentelemetry-exporter/src/utils/breezeUtils.ts',
})

/** The protocol, against the stand-in or the resource whose connection string SIDECART_CONTRACT_APP_INSIGHTS holds. */
const real = process.env.SIDECART_CONTRACT_APP_INSIGHTS
let insights: AppInsights
let endpoint: { url: string; key: string; certificate: string | undefined }
beforeAll(async () => {
  insights = await startAppInsights(randomUUID())
  const at = /InstrumentationKey=([^;]+).*IngestionEndpoint=([^;]+)/.exec(real ?? insights.connectionString)
  endpoint = {
    key: at?.[1] ?? '',
    url: at?.[2] ?? '',
    certificate: real === undefined ? insights.certificate : undefined,
  }
})
afterAll(() => insights.close())

function trace(message: string, over: object = {}) {
  return {
    name: 'Microsoft.ApplicationInsights.Message',
    time: new Date().toISOString(),
    iKey: endpoint.key,
    data: { baseType: 'MessageData', baseData: { ver: 2, message } },
    ...over,
  }
}

async function track(body: string | Buffer, headers: Record<string, string> = {}) {
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
    ...(endpoint.certificate === undefined ? {} : { ca: endpoint.certificate }),
  }
  const sent = request(new URL('v2.1/track', endpoint.url), options).end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, body: JSON.parse(await text(response)) }
}

describe('the ingestion endpoint', () => {
  rule('track', 'an array of telemetry is accepted, each item counted', async () => {
    const answer = await track(JSON.stringify([trace('one'), trace('two')]))
    expect(answer).toMatchObject({ status: 200, body: { itemsReceived: 2, itemsAccepted: 2, errors: [] } })
  })

  rule('track', 'lines of JSON are accepted as a stream of items', async () => {
    const lines = [trace('one'), trace('two')].map(item => JSON.stringify(item)).join('\n')
    const answer = await track(lines, { 'content-type': 'application/x-json-stream' })
    expect(answer).toMatchObject({ status: 200, body: { itemsReceived: 2, itemsAccepted: 2 } })
  })

  rule('track', 'a body packed with gzip is unpacked', async () => {
    const answer = await track(gzipSync(JSON.stringify([trace('packed')])), { 'content-encoding': 'gzip' })
    expect(answer).toMatchObject({ status: 200, body: { itemsAccepted: 1 } })
  })

  rule('track', 'a partial success is 206, and tells which items were refused and why', async () => {
    const answer = await track(JSON.stringify([trace('good'), trace('bad', { data: {} }), trace('good')]))
    expect(answer).toMatchObject({ status: 206, body: { itemsReceived: 3, itemsAccepted: 2 } })
    expect(answer.body.errors).toMatchObject([{ index: 1, statusCode: 400, message: expect.any(String) }])
  })

  rule('track', 'a body of which nothing is accepted is 400', async () => {
    const answer = await track(JSON.stringify([trace('bad', { name: '' })]))
    expect(answer).toMatchObject({ status: 400, body: { itemsReceived: 1, itemsAccepted: 0 } })
    expect((await track('{no json')).status).toBe(400)
  })

  rule('time', 'telemetry of more than two days ago is refused', async () => {
    const old = new Date(Date.now() - 49 * 3_600_000).toISOString()
    const { status, body } = await track(JSON.stringify([trace('old', { time: old })]))
    expect([status, body.errors[0].message]).toEqual([400, expect.stringContaining('older than the allowed min date')])
  })

  rule('newer', 'telemetry from more than two hours ahead is refused', async () => {
    const ahead = new Date(Date.now() + 3 * 3_600_000).toISOString()
    const { status, body } = await track(JSON.stringify([trace('ahead', { time: ahead })]))
    expect([status, body.errors[0].message]).toEqual([400, expect.stringContaining('newer than the max date')])
  })

  rule('retry', 'an instrumentation key that there is not is 400', async () => {
    const answer = await track(JSON.stringify([trace('strange', { iKey: randomUUID() })]))
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain('Invalid instrumentation key')
  })
})

// What arrived can be looked at in the stand-in only: a real resource shows it minutes later, by queries.
describe('the SDK', () => {
  let folder: string
  let sender: ChildProcess
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telemetry-'))
    await writeFile(join(folder, 'certificate.pem'), insights.certificate)
    sender = fork(new URL('../telemetry-sender.ts', import.meta.url), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: join(folder, 'certificate.pem'),
        APPLICATIONINSIGHTS_CONNECTION_STRING: insights.connectionString,
        // It keeps what it could not send in the folder for temporary files, and would tell Microsoft how it fares.
        TMPDIR: folder,
        APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
        APPLICATIONINSIGHTS_SDKSTATS_DISABLED: 'true',
        // Its default sampler lets five requests or dependencies a second through.
        OTEL_TRACES_SAMPLER: 'always_on',
      },
    })
    await once(sender, 'message')
  })
  afterAll(async () => {
    const ended = once(sender, 'exit')
    sender.disconnect()
    await ended
    await rm(folder, { recursive: true })
  })

  async function send(type: string): Promise<string> {
    const name = `${type}-${randomUUID()}`
    const flushed = once(sender, 'message')
    sender.send({ type, name })
    await flushed
    return name
  }
  const acceptedWith = (name: string) => insights.accepted.filter(item => JSON.stringify(item).includes(name))

  // What it kept it loses all the same in this version: it reads the times back as text and cannot send them.
  rule('retry', 'telemetry over the daily quota, 439, is kept on disk for later', async () => {
    insights.refuseNext({ status: 439 })
    const name = await send('trace')
    expect(acceptedWith(name)).toEqual([])
    const kept = async () => (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.ai.json'))
    await expect.poll(kept).toHaveLength(1)
  })

  rule(
    'model',
    'traces, events and exceptions arrive as the types of the data model, with their properties',
    async () => {
      for (const [type, baseType] of [
        ['trace', 'MessageData'],
        ['event', 'EventData'],
        ['exception', 'ExceptionData'],
      ] as const) {
        const name = await send(type)
        expect(acceptedWith(name)).toMatchObject([{ data: { baseType } }])
        if (type !== 'exception') expect(acceptedWith(name)[0]?.data.baseData.properties).toMatchObject({ shop: 'one' })
      }
    },
  )

  rule('model', 'requests and dependencies arrive with their duration and result', async () => {
    for (const [type, baseType, duration] of [
      ['request', 'RequestData', '00:00:00.012'],
      ['dependency', 'RemoteDependencyData', '00:00:00.003'],
    ] as const) {
      const name = await send(type)
      expect(acceptedWith(name)).toMatchObject([{ data: { baseType, baseData: { success: true } } }])
      expect(acceptedWith(name)[0]?.data.baseData.duration).toContain(duration)
    }
  })

  rule('model', 'a metric arrives with its value', async () => {
    const name = await send('metric')
    expect(acceptedWith(name)).toMatchObject([
      { data: { baseType: 'MetricData', baseData: { metrics: [{ name, value: 42 }] } } },
    ])
  })

  for (const status of [429, 503] as const) {
    rule('retry', `telemetry refused with ${status} is sent again after the time it was told to wait`, async () => {
      insights.refuseNext({ status, retryAfterS: 1 })
      const started = performance.now()
      const name = await send('trace')
      await expect.poll(() => acceptedWith(name), { timeout: 15_000 }).toHaveLength(1)
      expect(performance.now() - started).toBeGreaterThanOrEqual(999)
      expect(insights.statuses.slice(-2)).toEqual([status, 200])
    })
  }

  rule('retry', 'telemetry refused with 500 is sent again', async () => {
    insights.refuseNext({ status: 500 })
    const name = await send('trace')
    await expect.poll(() => acceptedWith(name), { timeout: 15_000 }).toHaveLength(1)
    expect(insights.statuses.slice(-2)).toEqual([500, 200])
  })
})
