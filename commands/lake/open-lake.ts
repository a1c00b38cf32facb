import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { azureBlobs } from '../../shared/adapters/azure/blobs.ts'
import type { Connection } from '../../shared/adapters/azure/connections.ts'
import { identities } from '../../shared/adapters/azure/identities.ts'
import { duckDbSql } from '../../shared/adapters/duckdb/sql.ts'
import { directoryBlobs } from '../../shared/adapters/files/blobs.ts'
import type { DeltaPorts } from '../../shared/lake/delta/snapshot.ts'

/** A lake to read, and where it is, for people. */
export interface Lake {
  place: string
  ports: DeltaPorts
}

/** A lake that cannot be opened. */
export class LakeError extends Error {}

const reachedWithinMs = 3_000
/** Of the machine's memory, what a query may take before it spills to files. */
const memoryShare = 0.5

/**
 * The lake under a folder, or without one, that of a storage account: LAKE_ACCOUNT of the environment, opened by who is signed in;
 * AzureWebJobsStorage of the environment or of local.settings.json; or the local stack's.
 * @throws LakeError when nobody answers there
 */
export async function openLake(folder: string | undefined): Promise<Lake> {
  if (folder !== undefined) {
    const root = resolve(folder)
    if (existsSync(root)) return { place: root, ports: lakePorts(directoryBlobs(root)) }
    throw new LakeError(`Cannot open the lake as --lake must be a folder that is there: current value is ${folder}`)
  }
  const { place, connection } = lakeConnection(process.env)
  await checkReached(place)
  return { place, ports: lakePorts(azureBlobs(connection)) }
}

/** Where a lake in the cloud is, and what opens it. @throws LakeError for what names no account */
export function lakeConnection({
  LAKE_ACCOUNT: account = '',
  AzureWebJobsStorage: given,
}: Readonly<Record<string, string | undefined>>): { place: string; connection: Connection } {
  if (account === '') {
    const connection = given ?? settingsFileConnection() ?? developmentStorage
    return { place: blobEndpoint(connection), connection }
  }
  if (!/^[a-z0-9]{3,24}$/.test(account))
    throw new LakeError(`LAKE_ACCOUNT must be a storage account’s name: current value is ${account}`)
  const address = `https://${account}.blob.core.windows.net`
  return { place: address, connection: { address, identity: identities()({}) } }
}

const lakePorts = (blobs: DeltaPorts['blobs']): DeltaPorts => ({
  blobs,
  sql: duckDbSql({ memoryMb: Math.floor((totalmem() / 2 ** 20) * memoryShare), threads: availableParallelism() }),
  clock: Date.now,
  uuid: randomUUID,
})

const developmentStorage = 'UseDevelopmentStorage=true'
const SettingsFile = z.object({ Values: z.object({ AzureWebJobsStorage: z.string().optional() }).optional() })

function settingsFileConnection(): string | undefined {
  const file = join(import.meta.dirname, '../../local.settings.json')
  if (!existsSync(file)) return undefined
  try {
    return SettingsFile.parse(JSON.parse(readFileSync(file, 'utf8'))).Values?.AzureWebJobsStorage
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new LakeError(`Cannot read AzureWebJobsStorage from ${file}: ${reason}`, { cause })
  }
}

/** Where the blobs of a connection string are. Source: learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
function blobEndpoint(connection: string): string {
  const parts = new Map(
    connection.split(';').map(part => {
      const at = part.indexOf('=')
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]
    }),
  )
  if (parts.get('usedevelopmentstorage') === 'true') return 'http://127.0.0.1:10000/devstoreaccount1'
  const explicit = parts.get('blobendpoint')
  if (explicit) return explicit
  const account = parts.get('accountname')
  if (!account) throw new LakeError('Cannot open the lake as AzureWebJobsStorage names no account and no BlobEndpoint')
  const protocol = parts.get('defaultendpointsprotocol') ?? 'https'
  return `${protocol}://${account}.blob.${parts.get('endpointsuffix') ?? 'core.windows.net'}`
}

/** Any answer will do, also a refusal: this asks only whether there is somebody. */
async function checkReached(endpoint: string): Promise<void> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(reachedWithinMs) })
  } catch (cause) {
    throw new LakeError(
      `Nobody answers at ${endpoint}: \`npm start\` runs the local stack, \`--lake DIR\` opens a folder that \`npm run pipeline\` wrote`,
      { cause },
    )
  }
}
