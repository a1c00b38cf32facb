import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Log, Redact } from '../../ports.ts'
import { type Envelope, type EnvelopeOf, FigureDeltas, spanEnvelopes } from './app-insights-envelopes.ts'
import type { Identity } from './identities.ts'
import type { AzureTelemetry } from './telemetry.ts'

/** So many items wait at most; of more, the newest are left out and counted. */
const waitingMax = 2_000
const timeoutMs = 10_000
const tokenScope = 'https://monitor.azure.com/.default'
/** What may be taken another time; anything else will not be. Source: the SDK's breezeUtils.ts. */
const laterStatuses: readonly number[] = [0, 401, 403, 408, 429, 500, 502, 503, 504]

export interface AppInsightsOptions {
  connectionString: string
  /** Opens it where the key in the connection string alone does not. */
  identity?: Identity | undefined
  /** The app, and which instance of it. */
  role: string
  instance: string
  share: number
  redact: Redact
  log: Log
  /** An authority to trust besides those of the system. */
  ca?: string
}

/** What the endpoint answers of items that it did not take. */
const Answer = z.object({ errors: z.array(z.object({ index: z.int(), statusCode: z.int() })).default([]) })

/**
 * Sends figures, as what was counted since the time before, and kept spans to Application Insights. Nobody waits for it, and nothing
 * fails with it: what is refused for now is sent with what comes next, what is refused for good is counted and logged once.
 */
export class AppInsights {
  readonly #options: AppInsightsOptions
  readonly #telemetry: Pick<AzureTelemetry, 'series'>
  readonly #endpoint: URL
  readonly #of: EnvelopeOf
  readonly #deltas = new FigureDeltas()
  #waiting: Envelope[] = []
  #sending: Promise<void> | undefined
  #left = 0
  #failing = false

  constructor(options: AppInsightsOptions, telemetry: Pick<AzureTelemetry, 'series' | 'keep'>) {
    const { iKey, endpoint } = connectionOf(options.connectionString)
    this.#options = options
    this.#telemetry = telemetry
    this.#endpoint = new URL('v2.1/track', endpoint)
    const tags = { 'ai.cloud.role': options.role, 'ai.cloud.roleInstance': options.instance }
    this.#of = { iKey, tags, share: options.share, redact: options.redact }
    telemetry.keep(span => this.#wait(spanEnvelopes(span, this.#of)))
  }

  /** Sends what there is by now; callers of one moment share it. */
  send(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  #wait(items: readonly Envelope[]): void {
    const room = waitingMax - this.#waiting.length
    this.#waiting.push(...items.slice(0, room))
    this.#left += Math.max(0, items.length - room)
  }

  async #send(): Promise<void> {
    this.#wait(this.#deltas.envelopes(await this.#telemetry.series(), Date.now(), this.#of))
    const items = this.#waiting
    if (items.length === 0) return
    this.#waiting = []
    const { status, refused, why } = await this.#post(items)
    const later = items.filter((_, index) => laterStatuses.includes(refused.get(index) ?? 200))
    this.#wait(later)
    this.#left += refused.size - later.length
    this.#tell({ status, refused: refused.size, later: later.length, why })
  }

  /** Told when it begins to fail, and when it is well again. */
  #tell(of: { status: number; refused: number; later: number; why?: string | undefined }): void {
    const failing = of.refused > 0
    if (failing === this.#failing) return
    this.#failing = failing
    const record = { stage: 'telemetry', ...of, left_out_so_far: this.#left }
    if (failing) this.#options.log.warn(record)
    else this.#options.log.info(record)
  }

  /** By its place, the status of each item that was not taken. */
  async #post(items: readonly Envelope[]): Promise<{ status: number; refused: Map<number, number>; why?: string }> {
    const all = (status: number) => new Map(items.map((_, index) => [index, status]))
    try {
      const { status, body } = await this.#ask(gzipSync(JSON.stringify(items)))
      if (status === 200) return { status, refused: new Map() }
      if (status !== 206) return { status, refused: all(status), why: body.slice(0, 200) }
      const { errors } = Answer.parse(JSON.parse(body))
      return { status, refused: new Map(errors.map(({ index, statusCode }) => [index, statusCode])) }
    } catch (cause) {
      return { status: 0, refused: all(0), why: cause instanceof Error ? cause.message : String(cause) }
    }
  }

  async #ask(body: Buffer): Promise<{ status: number; body: string }> {
    const { identity, ca } = this.#options
    const token = identity && (await (await identity()).getToken(tokenScope))
    const headers = {
      ...{ 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': body.length },
      ...(token ? { authorization: `Bearer ${token.token}` } : {}),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    return new Promise((resolve, reject) => {
      request(this.#endpoint, { method: 'POST', headers, signal, ...(ca === undefined ? {} : { ca }) }, response => {
        text(response).then(answer => resolve({ status: response.statusCode ?? 0, body: answer }), reject)
      })
        .on('error', reject)
        .end(body)
    })
  }
}

/** @throws RangeError for a text that names no resource */
export function connectionOf(connectionString: string): { iKey: string; endpoint: string } {
  const parts = new Map(
    connectionString.split(';').map(part => {
      const at = part.indexOf('=')
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]
    }),
  )
  const iKey = parts.get('instrumentationkey')
  const suffix = parts.get('endpointsuffix')
  if (!iKey) throw new RangeError('Cannot send telemetry as the connection string has no InstrumentationKey')
  const global = suffix ? `https://dc.${suffix}/` : 'https://dc.services.visualstudio.com/'
  return { iKey, endpoint: (parts.get('ingestionendpoint') ?? global).replace(/\/*$/, '/') }
}
