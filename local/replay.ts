import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Sender } from './sample/hub-sender.ts'
import { postBatch } from './sample/post-batch.ts'
import { type ReplayCounts, replayAtRate } from './sample/replay-at-rate.ts'
import { replayEvents } from './sample/replay-events.ts'
import { localSettings } from './settings.ts'

const USAGE = `Sends the events of a file to a running app, at a steady rate, as producers would.

  npm run replay -- --events FILE --rate N [--url http://127.0.0.1:7071] [--token TOKEN]
  npm run replay -- --hub catalog-changes --events FILE --rate N [--connection STRING]

  --events  NDJSON in the event contract, one event a line; or .csv / .tsv with a header: user_id, item_id and, where
            there are any, event_type (default view), timestamp, session_id, order_id, quantity, value; - for NDJSON that
            is piped in
  --rate    events a second
  --url     where the app listens (default http://127.0.0.1:7071)
  --token   a bearer token of the role writer; by default one of the local identity, which the setting AUTH_ISSUER names
  --hub     interactions (default), through the API; or catalog-changes: changes of items, stock, prices and customers, one
            JSON a line, straight to the hub under the key of each
  --connection  of the hub; default the setting EventHubConnection

CSV rows get an id of their own from what they say and where they stand: a file sent twice counts once. Every line ends
as accepted or rejected; the first ten rejected lines are told with their reasons.`

const REJECTIONS_TOLD = 10
const changesHub = 'catalog-changes'

try {
  await replay(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function replay(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const { events, rate } = options
  if (events !== '-') {
    await stat(events).catch((cause: unknown) => {
      throw new Error(`Cannot read --events ${events}: there is no such file`, { cause })
    })
  }
  let told = 0
  await using sender = await senderOf(options)
  const counts = await replayAtRate(replayEvents(events), {
    send: sender.send,
    rate,
    onProgress: progressLine(),
    onRejected: ({ line, reason }) => {
      told += 1
      if (told <= REJECTIONS_TOLD) process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}line ${line}: ${reason}\n`)
    },
  })
  process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${summary(counts)}\n`)
}

interface ReplayArguments {
  events: string
  rate: number
  url: string
  token: string | undefined
  hub: string
  connection: string
}

async function senderOf({ hub, url, token, connection }: ReplayArguments): Promise<Sender> {
  if (hub === changesHub) {
    // The hub's client takes a second to load: only who needs it waits.
    const { hubSender } = await import('./sample/hub-sender.ts')
    return hubSender(connection, hub)
  }
  const api = { url, token: token ?? (await localToken()) }
  return { send: events => postBatch(api, events), [Symbol.asyncDispose]: async () => undefined }
}

function readOptions(args: string[]): ReplayArguments | undefined {
  const { values } = parseArgs({
    args,
    options: {
      events: { type: 'string' },
      rate: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:7071' },
      token: { type: 'string' },
      hub: { type: 'string', default: 'interactions' },
      connection: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const rate = Number(values.rate)
  if (values.events === undefined) throw new Error(`--events is missing: it names the file to send\n\n${USAGE}`)
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new Error(`--rate must be a number of events a second above 0: it is ${values.rate ?? 'missing'}\n\n${USAGE}`)
  }
  if (!URL.canParse(values.url)) throw new Error(`--url must be a URL like http://127.0.0.1:7071: it is ${values.url}`)
  const { events, url, token, hub, connection = localSettings().values.EventHubConnection ?? '' } = values
  if (hub !== 'interactions' && hub !== changesHub) {
    throw new Error(`--hub must be interactions or ${changesHub}: it is ${hub}`)
  }
  return { events, rate, url, token, hub, connection }
}

async function localToken(): Promise<string> {
  const issuer = localSettings().values.AUTH_ISSUER ?? ''
  const response = await fetch(`${issuer}/token?role=writer`).catch((cause: unknown) => {
    throw new Error(`Cannot reach ${issuer} for a token: give one by --token, as npm start prints how`, { cause })
  })
  return response.text()
}

/** Rewrites one line on a terminal; elsewhere writes a line every five seconds. */
function progressLine(): (counts: ReplayCounts) => void {
  let next = 0
  return counts => {
    if (counts.seconds < next) return
    next = counts.seconds + (process.stderr.isTTY ? 0.2 : 5)
    process.stderr.write(process.stderr.isTTY ? `\r${summary(counts)}` : `${summary(counts)}\n`)
  }
}

function summary({ read, accepted, rejected, seconds }: ReplayCounts): string {
  const perSecond = seconds > 0 ? Math.round((accepted + rejected) / seconds) : 0
  return `${read} read, ${accepted} accepted, ${rejected} rejected, ${seconds.toFixed(1)} s, ${perSecond} a second`
}
