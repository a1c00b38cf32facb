import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

async function openCosmos() {
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-documents-'))
  const server = await startCosmos({ port: 0, stateDir })
  const { COSMOS_KEY: key = '' } = localSettings().values
  await provisionCosmos({ endpoint: server.url, key })
  return {
    documents: cosmosDocuments({ endpoint: server.url, key, database: 'sidecart' }),
    close: async () => {
      await server.close()
      await rm(stateDir, { recursive: true })
    },
  }
}
