import { hash, randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Ports, Redact } from '../../ports.ts'
import type { Settings } from '../../schemas/settings.ts'
import { duckDbSql } from '../duckdb/sql.ts'
import { azureBlobs } from './blobs.ts'
import { connections } from './connections.ts'
import { cosmosMeter } from './cosmos-meter.ts'
import { cosmosDocuments } from './documents.ts'
import { azureEventLog } from './event-log.ts'
import { jsonLog } from './json-log.ts'
import { azureQueue } from './queue.ts'
import { StorageMeter } from './storage-meter.ts'
import { type AzureTelemetry, azureTelemetry } from './telemetry.ts'
import { joseTokens } from './tokens.ts'

/** Of an instance's memory, what SQL may take before it spills to files: the rest is the app's and the models'. */
const sqlMemoryShare = 0.4

/** Every port on Azure's services, or on whatever speaks their protocols. */
export function azurePorts(settings: Settings, redact: Redact): Ports & { telemetry: AzureTelemetry } {
  const { TELEMETRY_SAMPLE_SHARE: share, TELEMETRY_SLOW_MS: slowMs } = settings
  const telemetry = azureTelemetry({ share, slowMs })
  const log = jsonLog(redact, telemetry)
  const { blobs, queues, eventHubs, documents: identity } = connections(settings)
  const storage = new StorageMeter(telemetry)
  return {
    documents: cosmosDocuments({
      endpoint: settings.COSMOS_ENDPOINT,
      opener: () => settings.COSMOS_KEY ?? identity,
      database: settings.COSMOS_DATABASE,
      meter: cosmosMeter({ telemetry, log }),
    }),
    blobs: azureBlobs(blobs, storage),
    sql: duckDbSql({ memoryMb: Math.floor(settings.MEMORY_MB * sqlMemoryShare), threads: availableParallelism() }),
    queue: azureQueue(queues, storage),
    eventLog: azureEventLog(eventHubs, telemetry),
    clock: Date.now,
    uuid: randomUUID,
    sha256: text => hash('sha256', text),
    tokens: joseTokens({ settings, fetchJson, clock: Date.now, log }),
    log,
    telemetry,
    redact,
  }
}

const keysTimeoutMs = 5_000

/** What an issuer says of itself; it is where its settings say, and sends nobody elsewhere. */
async function fetchJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(keysTimeoutMs) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.json()
}
