import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CosmosClient } from '@azure/cosmos'
import { expect, test } from 'vitest'
import { startCosmos } from '../local/cosmos/server.ts'
import { provisionCosmos } from '../local/provision.ts'
import { localSettings } from '../local/settings.ts'
import { cosmosMeter } from '../shared/adapters/azure/cosmos-meter.ts'
import { cosmosDocuments } from '../shared/adapters/azure/documents.ts'
import { azureTelemetry, type KeptSpan } from '../shared/adapters/azure/telemetry.ts'
import { memoryDocuments } from '../shared/adapters/memory/documents.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
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
  const { log, logged } = memoryPorts()
  const telemetry = azureTelemetry({ share: 1, slowMs: 1 })
  const spans: KeptSpan[] = []
  telemetry.keep(span => spans.push(span))
  const meter = cosmosMeter({ telemetry, log })
  const documents = cosmosDocuments({ endpoint, opener: () => key, database: 'sidecart', meter })
  const counters = (n: number) => ({
    type: 'counters' as const,
    id: `interactions-${n}`,
    applied: 0,
    at: 0,
    values: {},
  })
  // Two seconds' worth, by two callers at once.
  const write = () =>
    [0, 75].map(from => {
      const writes = Array.from({ length: 75 }, (_, n) => ({ document: counters(from + n) }))
      return documents.writeAll(collections.counters, writes)
    })
  const written = await telemetry.invocation({ trigger: 'run-chunks' }, () =>
    telemetry.span('publish', {}, () => Promise.all(write())),
  )
  expect(written.flat().filter(Boolean)).toHaveLength(150)
  expect(documents.requestUnits).toBeGreaterThan(800)

  // The app's telemetry sees the same, put down to what was at work, and no more than once a minute in words.
  const series = await telemetry.series()
  const told = (metric: string) => series.find(({ metric: each }) => each === `sidecart_${metric}`)
  expect(told('throttled_total')).toMatchObject({
    labels: { trigger: 'run-chunks' },
    value: expect.toSatisfy(isPositive),
  })
  expect(told('request_units_total')?.labels).toEqual({ trigger: 'run-chunks' })
  expect(told('request_units_total')?.value).toBeCloseTo(documents.requestUnits, -2)
  expect(logged).toMatchObject([{ event: 'throttled' }])
  const calls = spans.filter(({ called }) => called)
  const [publish] = spans.filter(({ name }) => name === 'publish')
  expect(new Set(calls.map(({ name }) => name))).toContain(`batch ${container}`)
  expect(new Set(calls.map(({ parentId }) => parentId))).toEqual(new Set([publish?.spanId]))
  await close()
})

const isPositive = (value: number) => value > 0

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
