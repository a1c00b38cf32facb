import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Container, type ContainerRequest, CosmosClient, type Database, ErrorResponse } from '@azure/cosmos'
import type { HttpFaults } from '../faults/fault-plan.ts'
import { type CosmosServer, emulatorKey, startCosmos } from './server.ts'

export interface AccountUnderTest {
  server: CosmosServer
  client: CosmosClient
  database: Database
  stateDir: string
  /** A fresh container partitioned by /shop unless told otherwise. */
  container(request?: ContainerRequest): Promise<Container>
  close(): Promise<void>
}

/** A server with empty state on a free port, and the real SDK connected to it. */
export async function openAccount(options: { faults?: HttpFaults } = {}): Promise<AccountUnderTest> {
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-'))
  const server = await startCosmos({ port: 0, stateDir, ...options })
  const client = new CosmosClient({ endpoint: server.url, key: emulatorKey })
  const { database } = await client.databases.createIfNotExists({ id: 'shop' })
  let containers = 0
  return {
    server,
    client,
    database,
    stateDir,
    container: async request => {
      containers += 1
      const definition = { id: `items-${containers}`, partitionKey: { paths: ['/shop'] }, ...request }
      const { container } = await database.containers.create(definition)
      return container
    },
    close: async () => {
      client.dispose()
      await server.close()
      await rm(stateDir, { recursive: true })
    },
  }
}

/** The service's refusal of a call, or an error if it was accepted. */
export async function refusal(call: Promise<unknown>): Promise<{ code: unknown; message: string; substatus: unknown }> {
  try {
    await call
  } catch (error) {
    const response = error instanceof Error && error.cause instanceof ErrorResponse ? error.cause : error
    if (response instanceof ErrorResponse) {
      const { code, message, substatus } = response
      return { code, message: message ?? '', substatus }
    }
    throw error
  }
  throw new Error('The call was expected to be refused')
}
