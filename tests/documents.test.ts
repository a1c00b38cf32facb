import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CosmosClient } from '@azure/cosmos'
import { expect, test } from 'vitest'
import { startCosmos } from '../local/cosmos/server.ts'
import { provisionCosmos } from '../local/provision.ts'
import { localSettings } from '../local/settings.ts'
import { cosmosDocuments } from '../shared/adapters/azure/documents.ts'
import { memoryDocuments } from '../shared/adapters/memory/documents.ts'
import { collections } from '../shared/schemas/collections.ts'
import { documentsContract } from './documents-contract.ts'

documentsContract('memory', async () => ({ documents: memoryDocuments(Date.now), close: async () => undefined }))

documentsContract('Cosmos DB, as the local server speaks it', openCosmos)

test('Cosmos meters what each object spent, reads as well as refused writes', async () => {
  const { documents, close } = await openCosmos()
  const mine = documents.metered()
  const counters = { type: 'counters' as const, id: 'interactions-0', applied: 0, at: 0, values: {} }
  await mine.create(collections.counters, counters)
  const created = mine.requestUnits
  expect(created).toBeGreaterThan(5)
  await mine.create(collections.counters, counters)
  await mine.read(collections.counters, { id: 'interactions-0', partition: 'interactions-0' })
  await mine.readAll(collections.counters, [{ id: 'interactions-0', partition: 'interactions-0' }])
  expect(mine.requestUnits).toBeGreaterThanOrEqual(created + 3)
  expect(documents.requestUnits).toBe(0)
  await close()
})

test('Cosmos with little throughput takes all that is written, in the time it asks for', async () => {
  const { endpoint, key, close } = await openServer()
  const client = new CosmosClient({ endpoint, key })
  const { database } = await client.databases.create({ id: 'sidecart' })
  const { container } = collections.counters
  await database.containers.create({ id: container, partitionKey: { paths: ['/id'] }, throughput: 400 })
  client.dispose()
  const documents = cosmosDocuments({ endpoint, opener: () => key, database: 'sidecart' })
  const counters = (n: number) => ({
    type: 'counters' as const,
    id: `interactions-${n}`,
    applied: 0,
    at: 0,
    values: {},
  })
  // Two seconds' worth, by two callers at once.
  const written = await Promise.all(
    [0, 75].map(from => {
      const writes = Array.from({ length: 75 }, (_, n) => ({ document: counters(from + n) }))
      return documents.writeAll(collections.counters, writes)
    }),
  )
  expect(written.flat().filter(Boolean)).toHaveLength(150)
  expect(documents.requestUnits).toBeGreaterThan(800)
  await close()
})

async function openCosmos() {
  const { endpoint, key, close } = await openServer()
  await provisionCosmos({ endpoint, key })
  return { documents: cosmosDocuments({ endpoint, opener: () => key, database: 'sidecart' }), close }
}

async function openServer() {
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-documents-'))
  const server = await startCosmos({ port: 0, stateDir })
  const { COSMOS_KEY: key = '' } = localSettings().values
  return {
    ...{ endpoint: server.url, key },
    close: async () => {
      await server.close()
      await rm(stateDir, { recursive: true })
    },
  }
}
