import { beforeAll, describe, expect, test } from 'vitest'
import { checkerboardShop, drop, jobs, lake, runJob } from '../../tests/memory-shop.ts'
import { allContainers, blobsNaming } from '../../tests/scan-blobs.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { exportJob } from '../exports/export-job.ts'
import { ingestChanges } from '../ingest/catalog-changes/ingest-changes.ts'
import { CounterWriter } from '../ingest/counter-writer.ts'
import { ingestBatch } from '../ingest/ingest-batch.ts'
import { ProfileWriter } from '../ingest/profile-writer.ts'
import { pseudonymOf } from '../lake/build/pseudonym.ts'
import { appendRunLog } from '../runs/run-log.ts'
import type { Jobs } from '../runs/stage.ts'
import { work } from '../runs/work.ts'
import { collections } from '../schemas/collections.ts'
import { ErasureCertificate } from '../schemas/erasure.ts'
import { ExportManifest } from '../schemas/export.ts'
import { RunMessage } from '../schemas/run.ts'
import { shop } from '../serving/shop.ts'
import { hashOf } from '../training/content-blobs.ts'
import { certificatePath } from './erasure/certificate-stage.ts'
import { requestErasure } from './erasure/request-erasure.ts'
import { startErasures } from './erasure/start-erasures.ts'
import { erasureJob } from './erasure-job.ts'

const canary = 'canary-77'
const session = 'session-of-canary-77'
const texts = [canary, pseudonymOf(canary, lake.pseudonymKey), 'canary.bird@example.com', '0049 170 5550177']
const options = { lake, settleMs: 0, eventHubHours: 24 }
const withExport = (ports: MemoryPorts): Jobs => {
  const served = shop(ports, { halfLifeMs: 1e9 })
  const of = { placement: 'email', limit: 3, includesPopular: true, chunkSeconds: 60, shop: served } as const
  return { ...jobs, export: exportJob(of) }
}

let sequence = 0
const hub = (body: unknown, ports: MemoryPorts) => ({
  ...{ sequenceNumber: ++sequence, enqueuedAt: new Date(ports.clock()).toISOString(), body },
})
const event = (of: Record<string, unknown>, ports: MemoryPorts) => ({
  ...{ schema_version: 1, event_id: ports.uuid(), user_id: canary, item_id: 'i4', event_type: 'view' },
  ...{ ts: new Date(ports.clock()).toISOString(), ...of },
})

async function arrive(bodies: readonly unknown[], ports: MemoryPorts): Promise<void> {
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 1e9 }) }
  await ingestBatch({ partition: '0', events: bodies.map(body => hub(body, ports)) }, writers, ports)
}

/** A shop with a person in all that it keeps as files. */
async function plantedShop(): Promise<MemoryPorts> {
  const ports = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
  await drop(ports, 'customers/crm.csv', [
    'user_id,name,email,phone,country',
    `${canary},Canary Bird,canary.bird@example.com,0049 170 5550177,DE`,
  ])
  await drop(ports, 'orders/canary.csv', [
    'order_id,user_id,ordered_at,item_id,quantity,unit_price,remark',
    ...['i0', 'i2', 'i6'].map((item, index) => `c${index},${canary},2025-12-0${index + 1},${item},1,5,for ${canary}`),
    `c9,${canary},2025-12-09,i8,many,5,`,
    `c10,"${canary},2025-12-09`,
  ])
  await arrive(
    [event({}, ports), event({ event_type: 'login', item_id: undefined, session_id: session }, ports)],
    ports,
  )
  await arrive([event({ user_id: undefined, session_id: session }, ports)], ports)
  await arrive([event({ event_type: 'dance', note: 'canary.bird@example.com' }, ports)], ports)
  const change = {
    schema_version: 1,
    change_id: 'c1',
    op: 'update',
    entity: 'customer',
    key: canary,
    data: { city: 'Ulm' },
  }
  const changes = [
    { ...change, ts: new Date(ports.clock()).toISOString() },
    { ...change, op: 'dance' },
  ]
  await ingestChanges({ partition: '0', events: changes.map(body => hub(body, ports)) }, lake, ports)
  await runJob('lake', ports)
  expect((await runJob('refresh', ports)).status).toBe('completed')
  expect((await runJob('export', ports, withExport(ports))).status).toBe('completed')
  await appendRunLog('lake-0', [{ file: 'x', rejected_row: { value: canary } }, { file: 'y' }], ports)
  // An event on its way, in a segment that nobody has folded.
  await arrive([event({ item_id: 'i5' }, ports)], ports)
  return ports
}

async function erase(ports: MemoryPorts) {
  const { id } = await requestErasure({ userId: canary, requestedBy: 'test', pseudonymKey: lake.pseudonymKey }, ports)
  const of: Jobs = { erasure: erasureJob(options) }
  await startErasures('test', { jobs: of, ports })
  for (let sent = ports.sent.shift(); sent; sent = ports.sent.shift()) {
    await work(RunMessage.parse(sent.message), { jobs: of, ports })
  }
  const bytes = await ports.blobs.read(certificatePath(id))
  return bytes && ErasureCertificate.parse(JSON.parse(Buffer.from(bytes).toString()))
}

describe('erasing a person from all files', () => {
  let ports: MemoryPorts
  let certificate: ErasureCertificate | undefined

  beforeAll(async () => {
    ports = await plantedShop()
    const named = (await blobsNaming(texts, allContainers, ports)).map(path => path.split('/')[0])
    expect([...new Set(named)].sort()).toEqual(
      ['bronze', 'dead-letter', 'exports', 'gold', 'landing', 'logs', 'models', 'quarantine', 'runs', 'silver'].sort(),
    )
    certificate = await erase(ports)
  })

  test('leaves nothing that names the person, and certifies each store', async () => {
    const left = await blobsNaming(texts.slice(0, 1), allContainers, ports)
    expect(left).toEqual([])
    const others = await blobsNaming([...texts.slice(2), session], allContainers, ports)
    expect(others).toEqual([])
    const found = Object.fromEntries((certificate?.stores ?? []).map(of => [of.store, of.found]))
    expect(found).toMatchObject({ landing: 2, models: 2, 'rejected-rows': 1, 'run-logs': expect.any(Number) })
    expect(certificate?.stores.filter(({ found_again }) => found_again > 0)).toEqual([])
  })

  test('leaves the pseudonym in the certificate alone', async () => {
    const named = await blobsNaming([texts[1] ?? ''], allContainers, ports)
    expect(named.filter(path => !path.startsWith('privacy/'))).toEqual([])
  })

  test('keeps manifests true: of exports and of models', async () => {
    for await (const { path } of ports.blobs.list('exports/')) {
      if (!path.endsWith('manifest.json')) continue
      const manifest = ExportManifest.parse(JSON.parse(Buffer.from((await ports.blobs.read(path)) ?? []).toString()))
      for (const file of manifest.files) {
        expect(hashOf((await ports.blobs.read(file.path)) ?? new Uint8Array())).toBe(file.sha256)
      }
    }
    const generations = ports.documents.query(collections.generations, { equal: { id: 'v1' } })
    for await (const page of generations) {
      for (const { manifest_path: path, manifest_sha256: sha256 } of page) {
        expect(hashOf((await ports.blobs.read(path)) ?? new Uint8Array())).toBe(sha256)
      }
    }
  })

  test('lets the shop go on: the same files again bring nobody back, and an increment adds to the model', async () => {
    ports.advance(3_600_000)
    await drop(ports, 'customers/crm.csv', ['user_id,name,email', `${canary},Canary Bird,canary.bird@example.com`])
    await drop(ports, 'orders/again.csv', [
      'order_id,user_id,ordered_at,item_id,quantity,unit_price',
      `c0,${canary},2025-12-01,i0,1,5`,
      'd1,u4,2026-01-01,i3,1,5',
    ])
    expect((await runJob('lake', ports)).status).toBe('completed')
    const refreshed = await runJob('refresh', ports)
    expect([refreshed.status, refreshed.error]).toEqual(['completed', undefined])
    const containers = allContainers.filter(name => name !== 'landing' && name !== 'privacy')
    expect(await blobsNaming(texts, containers, ports)).toEqual([])
  })
})
