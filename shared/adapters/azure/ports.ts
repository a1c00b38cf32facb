import { hash, randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Log, LogRecord, Ports, Redact } from '../../ports.ts'
import type { Settings } from '../../schemas/settings.ts'
import { duckDbSql } from '../duckdb/sql.ts'
import { memoryTelemetry } from '../memory/telemetry.ts'
import { azureBlobs } from './blobs.ts'
import { cosmosDocuments } from './documents.ts'
import { azureEventLog } from './event-log.ts'
import { azureQueue } from './queue.ts'
import { joseTokens } from './tokens.ts'

/** Of an instance's memory, what SQL may take before it spills to files: the rest is the app's and the models'. */
const sqlMemoryShare = 0.4

/** Every port on Azure's services, or on whatever speaks their protocols. */
export function azurePorts(settings: Settings, redact: Redact): Ports {
  const log = jsonLog(redact)
  return {
    documents: cosmosDocuments({
      endpoint: settings.COSMOS_ENDPOINT,
      key: () => settings.COSMOS_KEY,
      database: settings.COSMOS_DATABASE,
    }),
    blobs: azureBlobs(settings.AzureWebJobsStorage),
    sql: duckDbSql({ memoryMb: Math.floor(settings.MEMORY_MB * sqlMemoryShare), threads: availableParallelism() }),
    queue: azureQueue(settings.AzureWebJobsStorage),
    eventLog: azureEventLog(settings.EventHubConnection),
    clock: Date.now,
    uuid: randomUUID,
    sha256: text => hash('sha256', text),
    tokens: joseTokens({ settings, fetchJson, clock: Date.now, log }),
    log,
    telemetry: memoryTelemetry().telemetry,
    redact,
  }
}

/** One JSON object a line, without secrets: the Functions host hands the lines to Application Insights. */
function jsonLog(redact: Redact): Log {
  const line = (level: string, record: LogRecord) => redact(JSON.stringify({ level, ...record }))
  return {
    info: record => console.log(line('info', record)),
    warn: record => console.warn(line('warn', record)),
    error: record => console.error(line('error', record)),
  }
}

const keysTimeoutMs = 5_000

/** What an issuer says of itself; it is where its settings say, and sends nobody elsewhere. */
async function fetchJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(keysTimeoutMs) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.json()
}
