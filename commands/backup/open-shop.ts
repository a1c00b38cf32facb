import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { azureBlobs } from '../../shared/adapters/azure/blobs.ts'
import { connections } from '../../shared/adapters/azure/connections.ts'
import { cosmosDocuments } from '../../shared/adapters/azure/documents.ts'
import { azureEventLog } from '../../shared/adapters/azure/event-log.ts'
import { duckDbSql } from '../../shared/adapters/duckdb/sql.ts'
import { memoryTelemetry } from '../../shared/adapters/memory/telemetry.ts'
import type { Ports } from '../../shared/ports.ts'
import { parseStoreSettings, type StoreSettings } from '../../shared/schemas/settings.ts'

export type ShopPorts = Pick<Ports, 'documents' | 'blobs' | 'sql' | 'eventLog' | 'clock' | 'uuid'>

/** Of the machine's memory, what SQL may take before it spills to files. */
const memoryShare = 0.4
const SettingsFile = z.object({ Values: z.record(z.string(), z.string()) })

/**
 * The stores of a deployed app, or of the local stack, by the app's own settings: those of the environment, or without
 * COSMOS_ENDPOINT there, those of local.settings.json or its sample.
 * @throws SettingsError for all that is missing or wrong
 */
export function openShop(): { settings: StoreSettings; place: string; ports: ShopPorts } {
  const settings = parseStoreSettings(process.env.COSMOS_ENDPOINT ? process.env : { ...localValues(), ...process.env })
  const { blobs, eventHubs, documents: identity } = connections(settings)
  const storage = typeof blobs === 'string' ? 'AzureWebJobsStorage' : blobs.address
  return {
    settings,
    place: `${settings.COSMOS_ENDPOINT} and ${storage}`,
    ports: {
      documents: cosmosDocuments({
        endpoint: settings.COSMOS_ENDPOINT,
        opener: () => settings.COSMOS_KEY ?? identity,
        database: settings.COSMOS_DATABASE,
      }),
      blobs: azureBlobs(blobs),
      sql: duckDbSql({ memoryMb: Math.floor((totalmem() / 2 ** 20) * memoryShare), threads: availableParallelism() }),
      eventLog: azureEventLog(eventHubs, memoryTelemetry().telemetry),
      clock: Date.now,
      uuid: randomUUID,
    },
  }
}

function localValues(): Record<string, string> {
  const root = join(import.meta.dirname, '../..')
  const own = join(root, 'local.settings.json')
  const file = existsSync(own) ? own : join(root, 'local.settings.sample.json')
  return SettingsFile.parse(JSON.parse(readFileSync(file, 'utf8'))).Values
}
