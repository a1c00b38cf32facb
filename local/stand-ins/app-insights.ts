import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { type LoopbackHttps, listenHttps } from './loopback-https.ts'

export interface AppInsights extends LoopbackHttps {
  connectionString: string
  /** What has been accepted, in order. */
  accepted: Telemetry[]
  /** How the next requests are answered, one after the other, instead of as they deserve. */
  refuseNext(...refusals: Refusal[]): void
  /** The statuses answered so far. */
  statuses: number[]
}

interface Refusal {
  status: 402 | 429 | 439 | 500 | 503
  retryAfterS?: number
}

type Telemetry = z.infer<typeof Envelope>

interface TrackError {
  index: number
  statusCode: number
  message: string
}

const dayMs = 86_400_000
const Envelope = z.object({
  name: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  iKey: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  sampleRate: z.number().positive().max(100).optional(),
  data: z.object({ baseType: z.string().min(1), baseData: z.looseObject({ ver: z.int() }) }),
})

/** The ingestion endpoint of Application Insights over https on loopback, for contract tests. */
export async function startAppInsights(instrumentationKey: string): Promise<AppInsights> {
  const accepted: Telemetry[] = []
  const refusals: Refusal[] = []
  const statuses: number[] = []
  const server = await listenHttps((request, response) => {
    answer(request, { instrumentationKey, accepted, refusals }).then(
      reply => {
        statuses.push(reply.status)
        send(response, reply)
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    )
  })
  return {
    ...server,
    connectionString: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=${server.url}/`,
    accepted,
    statuses,
    refuseNext: (...more) => void refusals.push(...more),
  }
}

interface Ingestion {
  instrumentationKey: string
  accepted: Telemetry[]
  refusals: Refusal[]
}

interface Answer {
  status: number
  body: object
  retryAfterS?: number | undefined
}

async function answer(request: IncomingMessage, ingestion: Ingestion): Promise<Answer> {
  const items = itemsOf(await buffer(request), request.headers['content-encoding'])
  if (request.url !== '/v2.1/track') return { status: 404, body: {} }
  if (request.method !== 'POST') return { status: 405, body: {} }
  if (items === undefined || items.length === 0) return trackAnswer(400, 0, [failure(0, '100: Invalid JSON')])
  const refusal = ingestion.refusals.shift()
  if (refusal !== undefined) {
    const { status, retryAfterS } = refusal
    const errors = items.map((_, index) => failure(index, 'Refused on request', status))
    return { ...trackAnswer(status, items.length, errors), retryAfterS }
  }
  const errors: TrackError[] = []
  for (const [index, item] of items.entries()) {
    const checked = check(item, index, ingestion.instrumentationKey)
    if ('statusCode' in checked) errors.push(checked)
    else ingestion.accepted.push(checked)
  }
  if (errors.length === 0) return trackAnswer(200, items.length, [])
  return trackAnswer(errors.length === items.length ? 400 : 206, items.length, errors)
}

/** The items of a JSON array or of JSON lines; undefined when they are neither. */
function itemsOf(bytes: Buffer, encoding: string | undefined): unknown[] | undefined {
  try {
    const text = (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8').trim()
    if (text.startsWith('[')) return z.array(z.unknown()).parse(JSON.parse(text))
    return text.split('\n').map(line => JSON.parse(line))
  } catch {
    // What cannot be unpacked or read is no telemetry: the caller says so.
    return undefined
  }
}

function check(item: unknown, index: number, instrumentationKey: string): Telemetry | TrackError {
  const parsed = Envelope.safeParse(item)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.at(-1)
    return failure(index, `109: Field '${String(field)}' on type 'Envelope' is required but missing or empty.`)
  }
  const { iKey, time } = parsed.data
  if (iKey !== instrumentationKey) return failure(index, 'Invalid instrumentation key')
  const ageMs = Date.now() - Date.parse(time)
  if (ageMs > 2 * dayMs) {
    return failure(
      index,
      "103: Field 'time' on type 'Envelope' is older than the allowed min date. Expected: now - 172800000ms",
    )
  }
  if (ageMs < -dayMs / 12) {
    return failure(index, "104: Field 'time' on type 'Envelope' is newer than the max date. Expected: now + 7200000ms")
  }
  return parsed.data
}

function failure(index: number, message: string, statusCode = 400): TrackError {
  return { index, statusCode, message }
}

function trackAnswer(status: number, itemsReceived: number, errors: TrackError[]): Answer {
  return { status, body: { itemsReceived, itemsAccepted: itemsReceived - errors.length, appId: null, errors } }
}

function send(response: ServerResponse, { status, body, retryAfterS }: Answer): void {
  if (retryAfterS !== undefined) response.setHeader('retry-after', retryAfterS)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
