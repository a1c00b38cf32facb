import { expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import {
  goLive,
  hourMs,
  published,
  putItem,
  putLists,
  putModel,
  putNeighbours,
  putPopularity,
  putProfile,
} from '../../tests/served-shop.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { findRun } from '../runs/ledger.ts'
import { startRun } from '../runs/start-run.ts'
import { sweep } from '../runs/sweep.ts'
import { work } from '../runs/work.ts'
import { collections } from '../schemas/collections.ts'
import { ExportedList, ExportManifest } from '../schemas/export.ts'
import { UserId } from '../schemas/ids.ts'
import { RunMessage } from '../schemas/run.ts'
import { defaultPlacements } from '../serving/default-placements.ts'
import { shop } from '../serving/shop.ts'
import { hashOf } from '../training/content-blobs.ts'
import { exportJob } from './export-job.ts'
import type { ExportOptions } from './export-options.ts'

const silentAfterMs = 120_000

/** anna and bert have lists; cleo only looked at the pen, dora told what she likes; somebody is not known at all. */
async function exportingShop(): Promise<MemoryPorts> {
  const ports = memoryPorts({ now: published + hourMs })
  for (const id of ['pen', 'ink', 'cup', 'tea'])
    await putItem(ports.documents, id, {
      category: 'pen ink'.includes(id) ? 'Office' : 'Kitchen',
      name: `A "${id}", new`,
    })
  await putModel(ports, { pen: [1, 0], ink: [1, 0], cup: [0, 1], tea: [0, 1] }, 1, { users: ['anna', 'bert'] })
  await goLive(ports)
  await putLists(ports, 'anna', { items: { tea: 2, ink: 1 }, bought: ['cup'] })
  await putLists(ports, 'bert', { items: { pen: 2 } })
  await putProfile(ports, 'cleo', [['pen', 'view', 5]])
  await putProfile(ports, 'session:s1', [['pen', 'view', 5]])
  await ports.documents.upsert(collections.preferences, {
    ...{ id: 'preferences', user_id: UserId.parse('dora'), updated_at: new Date(published).toISOString() },
    ...{ categories: ['Kitchen'], brands: [], tags: [] },
  })
  await putNeighbours(ports, 'pen', { als: { ink: 0.9 } })
  await putPopularity(ports, { cup: 3, tea: 2 })
  return ports
}

const jobsOver = (ports: Ports, of: Partial<ExportOptions> = {}, usersAFile = 2) => ({
  export: exportJob(
    {
      ...{ placement: 'email', limit: 2, includesPopular: true, chunkSeconds: 60 },
      ...{ shop: shop(ports, { halfLifeMs: hourMs }), ...of },
    },
    { usersAFile },
  ),
})

async function exported(ports: MemoryPorts, of: Partial<ExportOptions> = {}, usersAFile = 2) {
  const jobs = jobsOver(ports, of, usersAFile)
  await startRun('export', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
  await workOff(ports, ports, jobs)
  return everythingLeft(ports)
}

async function workOff(queue: MemoryPorts, ports: Ports, jobs: ReturnType<typeof jobsOver>): Promise<void> {
  for (let message = queue.sent.shift(); message; message = queue.sent.shift())
    await work(RunMessage.parse(message.message), { jobs, ports })
}

/** The run's end, its files by name, and its manifest; every figure of the manifest is checked against the files. */
async function everythingLeft(ports: MemoryPorts) {
  const texts: Record<string, string> = {}
  let folder = ''
  for await (const { path } of ports.blobs.list('exports/')) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    folder = path.slice(0, -name.length)
    texts[name] = String(Buffer.from((await ports.blobs.read(path)) ?? []))
  }
  const manifest = ExportManifest.parse(JSON.parse(texts['manifest.json'] ?? '{}'))
  for (const { path, bytes, sha256, rows, format } of manifest.files) {
    const text = texts[path.slice(folder.length)] ?? ''
    expect([Buffer.byteLength(text), hashOf(Buffer.from(text))]).toEqual([bytes, sha256])
    expect(text.split('\n').length - (format === 'csv' ? 2 : 1)).toBe(rows)
  }
  const lists = Object.keys(texts)
    .filter(name => name.endsWith('.ndjson'))
    .flatMap(name => (texts[name] ?? '').split('\n').slice(0, -1))
    .map(line => ExportedList.parse(JSON.parse(line)))
  const run = await findRun(manifest.run_id, ports.documents)
  return { folder, texts, manifest, lists, status: run?.document.status, metrics: run?.document.stages[1]?.metrics }
}

test('everybody who is known gets the list that serving would make, as JSON lines and CSV, with a manifest', async () => {
  const ports = await exportingShop()
  const { folder, texts, manifest, lists, status } = await exported(ports)
  expect(status).toBe('completed')
  expect(folder).toBe(`exports/email/2026-01-01/${manifest.run_id}/`)
  expect(Object.keys(texts)).toEqual([
    ...['manifest.json', 'part-000000000.csv', 'part-000000000.ndjson', 'part-000000002.csv'],
    ...['part-000000002.ndjson', 'part-000000004.csv', 'part-000000004.ndjson'],
  ])
  expect(lists.map(({ user_id: userId, items }) => [userId, ...items.map(({ item_id: itemId }) => itemId)])).toEqual([
    ['anna', 'tea', 'ink'],
    ['bert', 'pen', 'cup'],
    ['cleo', expect.any(String), expect.any(String)],
    ['dora', expect.any(String), expect.any(String)],
  ])
  expect(manifest).toMatchObject({
    ...{ placement: 'email', users: 4, rows: 8, skipped: { guest: 1 }, model_versions: { v1: 4 } },
  })
  const [id] = lists.map(list => list.recommendation_id)
  expect(texts['part-000000000.csv']?.split('\n').slice(0, 2)).toEqual([
    'user_id,position,item_id,name,category,price,score,reason_code,reason,recommendation_id,model_version',
    `anna,1,tea,"A ""tea"", new",Kitchen,1,1,personal,"Because you bought A ""cup"", new",${id},v1`,
  ])
})

test('a chunk tells its progress and what it read, and many users are cut into several', async () => {
  const ports = await exportingShop()
  const { metrics, manifest } = await exported(ports, {}, 1)
  expect(metrics).toMatchObject({ users: 4, rows: 8, skipped: 1 })
  expect(manifest.files).toHaveLength(10)
  expect(await exported(await exportingShop(), {}, 100)).toMatchObject({ manifest: { users: 4, files: [{}, {}] } })
})

test('users of whom nothing personal is known are left out where the shop wants that', async () => {
  const ports = await exportingShop()
  await putItem(ports.documents, 'tea', { category: 'Kitchen', inStock: false })
  await putItem(ports.documents, 'ink', { category: 'Office', inStock: false })
  const { manifest, lists } = await exported(ports, { includesPopular: false })
  expect(lists.map(({ user_id: userId }) => userId)).not.toContain('anna')
  expect(manifest.skipped).toMatchObject({ guest: 1, nothing_personal: expect.any(Number) })
  expect(manifest.users + (manifest.skipped.nothing_personal ?? 0)).toBe(4)
})

test('a shop with nothing to list and one with nobody to write to end with an empty manifest', async () => {
  const soldOut = await exportingShop()
  for (const id of ['pen', 'ink', 'cup', 'tea'])
    await putItem(soldOut.documents, id, { category: 'All', inStock: false })
  expect((await exported(soldOut)).manifest).toMatchObject({
    users: 0,
    rows: 0,
    skipped: { guest: 1, nothing_to_list: 4 },
  })
  expect(await exported(memoryPorts())).toMatchObject({ status: 'completed', manifest: { users: 0, files: [] } })
})

test('what has an age limit is in the e-mails of those alone who are known to be old enough', async () => {
  const ports = await exportingShop()
  const tea = await ports.documents.read(collections.items, { id: 'tea', partition: 'tea' })
  await ports.documents.upsert(collections.items, { ...(tea?.document ?? fail()), min_age: 18, row_hash: 'adults' })
  const listsTea = async () => {
    const { lists } = await exported(ports.copy(), { limit: 4 })
    const withTea = lists.filter(({ items }) => items.some(({ item_id: itemId }) => itemId === 'tea'))
    return withTea.map(({ user_id: userId }) => userId)
  }
  expect(await listsTea()).toEqual([])
  for (const [userId, birthYear] of [
    ['anna', 1990],
    ['bert', 2012],
    ['emil', 1990],
  ] as const) {
    const document = { id: 'customer', user_id: UserId.parse(userId), country: 'France', row_hash: '-' } as const
    await ports.documents.upsert(collections.customers, { ...document, birth_year: birthYear })
  }
  expect(await listsTea()).toEqual(['anna'])
})

function fail(): never {
  throw new Error('The item is gone')
}

test('lists in an e-mail are not left to chance and are no impressions, whatever the placement says', async () => {
  const ports = await exportingShop()
  const email = { ...defaultPlacements.email, exploration: 1, log_impressions: true }
  await ports.documents.upsert(collections.placements, { id: 'placements', placements: { email } })
  const { lists } = await exported(ports)
  expect(lists[0]?.items.map(({ item_id: itemId }) => itemId)).toEqual(['tea', 'ink'])
  expect(ports.appended).toEqual([])
})

test.each(['effect', 'answer'] as const)(
  'an export whose worker is killed at any one operation lists everybody once, in files as its manifest says: the %s lost',
  async loses => {
    const undisturbed = await exportingShop()
    const counted = faultyPorts(undisturbed, { at: Number.POSITIVE_INFINITY, loses, worker: 'dead' })
    await startAndWork(undisturbed, counted.ports)
    expect(counted.operations()).toBeGreaterThan(50)
    for (let at = 1; at <= counted.operations(); at++) {
      const { status, lists } = await leftAfter({ at, loses, worker: 'dead' })
      const users = lists.map(({ user_id: userId }) => userId)
      expect([status, ...users], `killed at operation ${at}`).toEqual(['completed', 'anna', 'bert', 'cleo', 'dora'])
    }
  },
)

test('an export of some users alone survives as well, lists them as asked, and names them in the ledger no more', async () => {
  const undisturbed = await exportingShop()
  const counted = faultyPorts(undisturbed, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'dead' })
  await startAndWork(undisturbed, counted.ports, cleoAndNobody)
  for (let at = 1; at <= counted.operations(); at++) {
    const { status, lists, manifest, requests } = await leftAfter(
      { at, loses: 'effect', worker: 'dead' },
      cleoAndNobody,
    )
    const users = lists.map(({ user_id: userId, items }) => [userId, ...items.map(({ category }) => category)])
    expect([status, manifest.placement, requests, ...users], `killed at operation ${at}`).toEqual([
      ...['completed', 'home', 0],
      ...[
        ['cleo', 'Kitchen'],
        ['nobody', 'Kitchen'],
      ],
    ])
  }
})

const cleoAndNobody = {
  placement: 'home' as const,
  limit: 1,
  wishes: { category: 'Kitchen' },
  users: ['nobody', 'cleo'],
}
type Asked = typeof cleoAndNobody

async function startAndWork(queue: MemoryPorts, ports: Ports, asked?: Asked): Promise<void> {
  const jobs = jobsOver(ports)
  const prepare = async (runId: string): Promise<void> => {
    if (!asked) return
    const users = asked.users.map(id => UserId.parse(id))
    await ports.documents.create(collections.exportRequests, { id: 'request', run_id: runId, ...asked, users })
  }
  await startRun('export', { trigger: 'test', idempotencyKey: 'the one', prepare, jobs }, ports)
  await workOff(queue, ports, jobs)
}

async function leftAfter(fault: Fault, asked?: Asked) {
  const ports = await exportingShop()
  try {
    await startAndWork(ports, faultyPorts(ports, fault).ports, asked)
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
    // What the worker did not acknowledge comes again, and what it never sent the sweeper finds.
    for (let minute = 0; minute < 3; minute++) {
      await startAndWork(ports, ports, asked)
      ports.advance(silentAfterMs + 1_000)
      await sweep({ silentAfterMs }, ports)
    }
  }
  const run = { id: 'request' } as const
  let requests = 0
  for await (const page of ports.documents.query(collections.exportRequests, { equal: run })) requests += page.length
  return { ...(await everythingLeft(ports)), requests }
}

test('a chunk that is run by two at once leaves one set of files, though users do things in between', async () => {
  const ports = await exportingShop()
  const jobs = jobsOver(ports)
  await startRun('export', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
  const first = await exported(ports)
  for await (const { path } of ports.blobs.list('exports/')) await ports.blobs.remove(path)
  await putProfile(ports, 'anna', [['tea', 'purchase', 60]])
  const [, lists, manifest] = jobs.export.stages
  const context = {
    ...{ runId: first.manifest.run_id, token: 1, createdAt: first.manifest.created_at, ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  await lists?.run({ from: 0, to: 5 }, context)
  await manifest?.run('all', context)
  expect((await everythingLeft(ports)).texts).toEqual(first.texts)
})
