import { describe, expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { goLive, hourMs, putModel, shopByHand } from '../../../tests/served-shop.ts'
import { deliver } from '../../../tests/stocktaking.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { appendRunLog } from '../../runs/run-log.ts'
import { TriggeredJob } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { ModelDetails, Readiness } from '../../schemas/service.ts'
import { shop } from '../../serving/shop.ts'

describe('whether an instance', () => {
  test('is live is answered when everything it depends on is gone', async () => {
    const of = await answeringShop()
    const ports = { ...of.ports, ...interceptedPorts(of.ports, () => Promise.reject(new Error('gone'))) }
    const { call } = apiOver({ ports, shop: shop(ports, { halfLifeMs: hourMs }) })
    expect(await call('health-live')).toMatchObject({ status: 200, json: { status: 'ok', live: true } })
    const { status, json } = await call('health-ready')
    const part = { ok: false, detail: 'cannot be read' }
    expect([status, json]).toEqual([
      503,
      { status: 'starting', ready: false, parts: { catalogue: part, published: part, model: part } },
    ])
    expect(of.ports.logged.filter(({ stage }) => stage === 'health')).toHaveLength(3)
  })

  test('is ready waits for products, for lists and for the model, and says for which', async () => {
    const empty = memoryPorts()
    const none = apiOver({ ports: empty, shop: shop(empty, { halfLifeMs: hourMs }) })
    expect(Readiness.parse((await none.call('health-ready')).json).parts).toEqual({
      catalogue: { ok: false, detail: '0 products' },
      published: { ok: false, detail: 'nothing is published yet' },
      model: { ok: false, detail: 'is not in memory yet' },
    })
    const of = await shopByHand()
    await putModel(of.ports, { pen: [1], tea: [2] })
    await goLive(of.ports)
    const { call } = apiOver(of)
    expect(await call('health-ready')).toMatchObject({ status: 503, json: { parts: { model: { ok: false } } } })
    await of.shop.modelSettled()
    expect(await call('health-ready')).toMatchObject({
      ...{ status: 200 },
      json: { status: 'ok', ready: true, parts: { published: { detail: 'v1' }, model: { ok: true, detail: 'v1' } } },
    })
  })
})

test('figures are answered as Prometheus reads them, as they are by then', async () => {
  const of = await answeringShop()
  const { call } = apiOver(of)
  await call('recommend-user', { path: { id: 'anna' } })
  const { status, type, json } = await call('metrics')
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(json).toContain('sidecart_lists_total{rung="personal"} 1\n')
})

describe('what is known of a model', () => {
  test('is its parameters, and by its manifest what it was made of', async () => {
    const of = await shopByHand()
    const { manifest } = await putModel(of.ports, { pen: [1], tea: [2] }, 1, { users: ['anna'] })
    await goLive(of.ports)
    const { call } = apiOver(of)
    const model = async () => ModelDetails.parse((await call('model', { path: { version: 'v1' } })).json)
    const { lineage, ...told } = await model()
    expect(told).toMatchObject({
      model_version: 'v1',
      state: 'live',
      job: 'refresh-1',
      certificate: null,
      segments: [],
    })
    expect(told.parameters).toHaveProperty('als')
    expect(lineage).toMatchObject({
      ...{ path: manifest, intact: true, factors: 1, users: 1, items: 2, training: null, adds_to: null, fit: null },
    })
    const bytes = Buffer.from((await of.ports.blobs.read(manifest)) ?? [])
    await of.ports.blobs.write(manifest, Buffer.concat([bytes, Buffer.from(' ')]))
    expect((await model()).lineage).toMatchObject({ intact: false })
    await of.ports.blobs.remove(manifest)
    expect((await model()).lineage).toBeNull()
  })

  test('is nothing of one that was never published', async () => {
    const { call } = apiOver(await answeringShop())
    expect(await call('model', { path: { version: 'v9' } })).toMatchObject({
      ...{ status: 404, json: { code: 'not_found', errors: [{ field: 'version', value: 'v9' }] } },
    })
  })
})

test('the metadata say what is served, from what, and how each placement is filled', async () => {
  const of = await shopByHand()
  const { manifest } = await putModel(of.ports, { pen: [1] })
  const table = { table: 'gold/training_interactions', version: 7, sha256: 'a'.repeat(64), rows: 5, schemaVersion: 1 }
  const told = JSON.parse(Buffer.from((await of.ports.blobs.read(manifest)) ?? []).toString())
  await of.ports.blobs.write(manifest, Buffer.from(JSON.stringify({ ...told, training: [table] })))
  await goLive(of.ports)
  const home = { sources: [{ source: 'trending', weight: 1 }] }
  const { call } = apiOver(of)
  expect((await call('placement-set', { path: { name: 'home' }, body: home })).status).toBe(200)
  const { json } = await call('metadata')
  expect(json).toMatchObject({
    ...{
      model_version: 'v1',
      generation: 1,
      generated_at: '2026-01-01T00:00:00.000Z',
      trained_at: '2026-01-01T00:00:00.000Z',
    },
    ...{ data_until: '2026-01-01T00:00:00.000Z', source_paths: ['gold/training_interactions@7'] },
    counts: { products: 6, categories: 2, model: {} },
    capabilities: { published_lists: true, segments: false },
    jobs: ['refresh', 'lake', 'tune', 'export', 'erasure'],
  })
  expect(json).toHaveProperty('placements.0', {
    ...{ name: 'home', is_default: false, sources: ['trending'], exploration: 0, log_impressions: expect.any(Boolean) },
  })
  expect(json).toHaveProperty('placements.1.is_default', true)
  expect((await apiOver(await shopByHand()).call('metadata')).json).toMatchObject({
    model_version: null,
    source_paths: [],
  })
})

describe('a job’s log', () => {
  test.each([
    [{}, 7 + 2],
    [{ level: 'info' }, 7 + 2],
    [{ level: 'warn' }, 2],
    [{ level: 'error' }, 1],
    [{ tail: '3' }, 3],
    [{ tail: '1', level: 'warn' }, 1],
  ])('of %j has %i lines, the last of them at its end', async (query, lines) => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    const { job } = TriggeredJob.parse((await call('batch-trigger')).json)
    while (of.ports.sent.length > 0) await deliver(of.ports)
    await appendRunLog(
      job,
      [
        { level: 'warn', message: 'late' },
        { level: 'error', message: 'last' },
      ],
      of.ports,
    )
    const { json, headers } = await call('batch-logs', { path: { job }, query })
    const told = String(json).trimEnd().split('\n')
    expect([told.length, JSON.parse(told.at(-1) ?? '')]).toMatchObject([lines, { message: 'last' }])
    expect(headers).not.toHaveProperty('content-disposition')
  })

  test('is a file for who wants to keep it', async () => {
    const of = await answeringShop()
    const { call } = apiOver(of)
    const { job } = TriggeredJob.parse((await call('batch-trigger')).json)
    const { headers } = await call('batch-logs', { path: { job }, query: { download: '1' } })
    expect(headers['content-disposition']).toBe(`attachment; filename="${job}.ndjson"`)
    expect(await of.ports.documents.read(collections.runs, { id: 'run', partition: job })).toBeDefined()
  })

  test.each([
    [{ level: 'loud' }, 'level', 'must be info, warn or error'],
    [{ tail: '0' }, 'tail', 'must be a whole number from 1 to 100,000'],
    [{ download: 'yes' }, 'download', 'must be 0 or 1'],
  ])('asked for by %j is refused: %s %s', async (query: Record<string, string>, field, reason) => {
    const { call } = apiOver(await answeringShop())
    const { status, json } = await call('batch-logs', { path: { job: 'refresh-0000000000000000' }, query })
    expect([status, json]).toMatchObject([400, { errors: [{ field, reason }] }])
  })
})
