import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Container,
  type ContainerRequest,
  CosmosClient,
  type CosmosClientOptions,
  type Database,
  type DatabaseRequest,
  ErrorResponse,
} from '@azure/cosmos'
import type { HttpFaults } from '../../faults/fault-plan.ts'
import { emulatorKey, startCosmos } from '../server.ts'

/** A Cosmos DB account with a database of the run's own, reached by the real SDK. */
export interface AccountUnderTest {
  endpoint: string
  key: string
  client: CosmosClient
  database: Database
  /** A client of the same account with other options. */
  another(options?: Partial<CosmosClientOptions>): CosmosClient
  /** A fresh container of the run's database, partitioned by /shop unless told otherwise. */
  container(request?: ContainerRequest): Promise<Container>
  /** Another database, removed at the end. */
  freshDatabase(request?: DatabaseRequest): Promise<Database>
  close(): Promise<void>
}

/**
 * The account at SIDECART_CONTRACT_COSMOS_ENDPOINT with SIDECART_CONTRACT_COSMOS_KEY where these are set, otherwise a server
 * with empty state on a free port, which can be given faults to show.
 */
export async function openAccount(options: { faults?: HttpFaults } = {}): Promise<AccountUnderTest> {
  const { endpoint, key, stop } = await account(options)
  const clients: CosmosClient[] = []
  const another = (options?: Partial<CosmosClientOptions>): CosmosClient => {
    const client = new CosmosClient({ endpoint, key, ...options })
    clients.push(client)
    return client
  }
  const client = another()
  const databases: Database[] = []
  const freshDatabase = async (request?: DatabaseRequest): Promise<Database> => {
    const { database } = await client.databases.create({ id: named('sidecart-contract'), ...request })
    databases.push(database)
    return database
  }
  const database = await freshDatabase()
  return {
    endpoint,
    key,
    client,
    database,
    another,
    freshDatabase,
    container: async request => {
      const definition = { id: named('items'), partitionKey: { paths: ['/shop'] }, ...request }
      const { container } = await database.containers.create(definition)
      return container
    },
    close: async () => {
      await Promise.all(databases.map(removed))
      for (const each of clients) each.dispose()
      await stop()
    },
  }
}

/** A name nobody else has. */
export function named(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`
}

interface Refusal {
  code: unknown
  message: string
  substatus: unknown
  headers: Record<string, unknown>
}

/** The service's refusal of a call, or an error if it was accepted. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call
  } catch (error) {
    const response = error instanceof Error && error.cause instanceof ErrorResponse ? error.cause : error
    if (response instanceof ErrorResponse) {
      const { code, message, substatus, headers = {} } = response
      return { code, message: message ?? '', substatus, headers }
    }
    throw error
  }
  throw new Error('The call was expected to be refused')
}

async function account(options: {
  faults?: HttpFaults
}): Promise<{ endpoint: string; key: string; stop(): Promise<void> }> {
  const { SIDECART_CONTRACT_COSMOS_ENDPOINT: endpoint, SIDECART_CONTRACT_COSMOS_KEY: key } = process.env
  if (endpoint && key) return { endpoint, key, stop: async () => undefined }
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-'))
  const server = await startCosmos({ port: 0, stateDir, ...options })
  return {
    endpoint: server.url,
    key: emulatorKey,
    stop: async () => {
      await server.close()
      await rm(stateDir, { recursive: true })
    },
  }
}

async function removed(database: Database): Promise<void> {
  try {
    await database.delete()
  } catch (error) {
    if (!(error instanceof ErrorResponse && error.code === 404)) throw error
  }
}
