import { beforeAll, describe, expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { checkerboardShop, drop, jobs, lake, runJob } from '../../tests/memory-shop.ts'
import { allContainers, blobsNaming } from '../../tests/scan-blobs.ts'
import { listed } from '../../tests/served-shop.ts'
import { memoryBlobs } from '../adapters/memory/blobs.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { CounterWriter } from '../ingest/counter-writer.ts'
import { eventsStage } from '../ingest/events-stage.ts'
import { ingestBatch } from '../ingest/ingest-batch.ts'
import { ProfileWriter } from '../ingest/profile-writer.ts'
import { tableStates } from '../lake/table-states.ts'
import type { Ports } from '../ports.ts'
import { requestErasure } from '../privacy/erasure/request-erasure.ts'
import { startErasures } from '../privacy/erasure/start-erasures.ts'
import { erasureJob } from '../privacy/erasure-job.ts'
import { liveTombstones } from '../privacy/tombstones/live-tombstones.ts'
import { findRun } from '../runs/ledger.ts'
import type { Jobs } from '../runs/stage.ts'
import { startRun } from '../runs/start-run.ts'
import { work } from '../runs/work.ts'
import { BackupManifest } from '../schemas/backup.ts'
import { collections } from '../schemas/collections.ts'
import { RunMessage } from '../schemas/run.ts'
import { shop as servedShop } from '../serving/shop.ts'
import { asRestored } from './as-restored.ts'
import { backUp } from './back-up.ts'
import { BackupError } from './backup-error.ts'
import type { Place } from './place.ts'
import { restore } from './restore.ts'

const { pseudonymKey } = lake
const hourMs = 3_600_000
const users = Array.from({ length: 12 }, (_, user) => `u${user}`)
const say = () => undefined
const place = (): Place => ({ blobs: memoryBlobs(), prefix: 'backups/monday' })

let sequence = 0
/** Somebody looks at an item: taken in, in a segment that the lake has not folded. */
async function look(userId: string, itemId: string, ports: Ports, of: { partition?: string; at?: number } = {}) {
  const { partition = '0', at: sequenceNumber = ++sequence } = of
  const ts = new Date(ports.clock()).toISOString()
  const body = { schema_version: 1, event_id: ports.uuid(), user_id: userId, item_id: itemId, event_type: 'view', ts }
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 1e9 }) }
  await ingestBatch({ partition, events: [{ sequenceNumber, enqueuedAt: ts, body }] }, writers, ports)
}

/** What everybody is answered. */
async function answers(ports: Ports): Promise<string> {
  const shop = servedShop(ports, { halfLifeMs: 1e9, tombstones: liveTombstones(pseudonymKey, ports) })
  const lists = []
  for (const userId of users) {
    const items = await listed({ userId, limit: 5 }, shop)
    lists.push(items.map(({ itemId, rung, reason }) => [itemId, rung, reason]))
  }
  await shop.modelSettled()
  return ports.sha256(JSON.stringify(lists))
}

const rowsOf = async (ports: Ports) =>
  Object.fromEntries((await tableStates(ports)).map(({ table, version, rows }) => [table, [version, rows]]))

async function backedUp(ports: Ports, to = place()): Promise<{ from: Place; manifest: BackupManifest }> {
  return { from: to, manifest: await backUp({ to, say }, ports) }
}
const restored = (from: Place, ports: Ports, replace = false) => restore({ from, replace, pseudonymKey, say }, ports)

/** An empty place, later on. */
const elsewhere = (laterMs = 24 * hourMs) => memoryPorts({ now: Date.UTC(2026, 0, 1) + laterMs })

/** A shop with lists, and somebody who looked at something since. */
let base: MemoryPorts
const aShop = () => base.copy()

beforeAll(async () => {
  base = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
  await look('u1', 'i2', base)
  expect((await runJob('lake', base)).status).toBe('completed')
  expect((await runJob('refresh', base)).status).toBe('completed')
  base.advance(hourMs)
  await look('u1', 'i4', base)
})

describe('a shop that was lost and is restored', () => {
  test('answers everybody as before, and has every table at its version', async () => {
    const ports = aShop()
    const { from, manifest } = await backedUp(ports)
    const other = elsewhere()
    expect(await answers(other)).not.toBe(await answers(ports))
    const counts = await restored(from, other)
    expect(await answers(other)).toBe(await answers(ports))
    expect(await rowsOf(other)).toEqual(await rowsOf(ports))
    const sum = (of: readonly number[]) => of.reduce((total, one) => total + one, 0)
    expect(counts).toEqual({
      documents: sum(manifest.documents.map(({ documents }) => documents)),
      blobs: sum(manifest.blobs.map(({ blobs }) => blobs)),
      ...{ expired: 0, erasures: 0 },
    })
  })

  test('goes on from there: no file is taken in twice, no event is lost, the next lists are published', async () => {
    const ports = aShop()
    const { from } = await backedUp(ports)
    const other = elsewhere()
    await restored(from, other)
    const [before, expected] = [await rowsOf(other), await rowsOf(ports)]
    expect((await runJob('lake', other)).status).toBe('completed')
    const after = await rowsOf(other)
    expect(after['bronze/orders']).toEqual(expected['bronze/orders'])
    expect(before['bronze/interactions']?.[1]).toBe(1)
    expect(after['bronze/interactions']?.[1]).toBe(2)
    await drop(other, 'orders/new.csv', [
      'order_id,customer_id,ordered_at,item_id,quantity,unit_price',
      'n,u0,2026-01-01T10:00:00Z,i0,1,2',
    ])
    await runJob('lake', other)
    expect((await runJob('refresh', other)).status).toBe('completed')
    expect(
      (await listed({ userId: 'u0' }, servedShop(other, { halfLifeMs: 1e9 }))).map(({ itemId }) => itemId),
    ).not.toContain('i0')
  })

  test('takes in the events of hubs that were made anew, which count from 0, only under another epoch', async () => {
    const { from } = await backedUp(aShop())
    const other = elsewhere()
    await restored(from, other)
    const recent = async () => {
      const profile = await other.documents.read(collections.profiles, { id: 'profile', partition: 'u1' })
      return profile?.document.recent.map(([itemId]) => itemId)
    }
    await look('u1', 'i9', other, { partition: '0', at: 0 })
    expect(await recent()).not.toContain('i9')
    await look('u1', 'i9', other, { partition: '2.0', at: 0 })
    expect(await recent()).toContain('i9')
    await runJob('lake', other, { lake: { kind: 'lake', stages: [eventsStage] } })
    expect((await rowsOf(other))['bronze/interactions']?.[1]).toBe(3)
  })

  test('has no run at work: what was is cancelled, and another may start', async () => {
    const ports = aShop()
    const { run } = await startRun('refresh', { trigger: 'test', jobs }, ports)
    const { from } = await backedUp(ports)
    const other = elsewhere()
    await restored(from, other)
    expect((await findRun(run.run_id, other.documents))?.document).toMatchObject({ status: 'cancelled' })
    expect((await runJob('refresh', other)).status).toBe('completed')
  })
})

describe('a backup', () => {
  test('that is made while the app works holds together, wherever events are folded in between', async () => {
    const folds: Jobs = { lake: { kind: 'lake', stages: [eventsStage] } }
    for (const time of [1, 2, 3, 4]) {
      const ports = aShop()
      let times = 0
      // Just before bronze is listed for the n-th time.
      async function* list(prefix: string) {
        if (prefix === 'bronze/' && ++times === time) {
          await look('u2', 'i3', ports)
          await runJob('lake', ports, folds)
        }
        yield* ports.blobs.list(prefix)
      }
      const { from } = await backedUp({ ...ports, blobs: { ...ports.blobs, list } })
      const other = elsewhere()
      await restored(from, other)
      await runJob('lake', other, folds)
      // What was taken in before it was begun; what came since is there with its segment, or with its table's log.
      const rows = (await rowsOf(other))['bronze/interactions']?.[1]
      expect([time, rows]).toEqual([time, time <= 3 ? 3 : 2])
    }
  })

  test('that is interrupted anywhere goes on, and copies nothing twice that it told of', async () => {
    const whole = await backedUp(aShop())
    const ports = aShop()
    const to = place()
    const tries = [3, 9, 40, 90, 10_000]
    for (const at of tries) {
      const fault: Fault = { at, loses: 'effect', worker: 'dead' }
      const struck = faultyPorts({ ...ports, blobs: to.blobs }, fault)
      const made = backUp({ to: { ...to, blobs: struck.ports.blobs }, say }, ports)
      if (at < 10_000) await expect(made).rejects.toThrow(WorkerStruck)
      else await made
    }
    const other = elsewhere()
    await restored(to, other)
    expect(await answers(other)).toBe(await answers(ports))
    const sums = ({ blobs }: BackupManifest) =>
      blobs.map(({ container, blobs: count, bytes }) => [container, count, bytes])
    const manifest = BackupManifest.parse(
      JSON.parse(Buffer.from((await to.blobs.read(`${to.prefix}/manifest.json`)) ?? []).toString()),
    )
    expect(sums(manifest)).toEqual(sums(whole.manifest))
  })

  test('is not written over', async () => {
    const { from } = await backedUp(aShop())
    await expect(backUp({ to: from, say }, aShop())).rejects.toThrow('There is a finished backup in backups/monday')
  })

  test('whose table lacks a file is none', async () => {
    const ports = aShop()
    for await (const { path } of ports.blobs.list('gold/dim_products/')) {
      if (path.endsWith('.parquet')) await ports.blobs.remove(path)
    }
    await expect(backedUp(ports)).rejects.toThrow(/The copy of .*gold\/dim_products lacks .*parquet.* Run it again/)
  })
})

describe('a restore', () => {
  test('refuses a backup that was changed, naming the file', async () => {
    const { from, manifest } = await backedUp(aShop())
    const part = manifest.documents.find(({ container }) => container === 'items')?.parts[0]?.path
    await from.blobs.write(`${from.prefix}/${part}`, Buffer.from('other'))
    const made = restored(from, elsewhere())
    await expect(made).rejects.toThrow(BackupError)
    await expect(made).rejects.toThrow(`Cannot restore backups/monday/${part}: its sha256 is`)
    await expect(restored(place(), elsewhere())).rejects.toThrow('There is no finished backup in backups/monday')
  })

  test('that is interrupted anywhere goes on', async () => {
    const ports = aShop()
    const { from } = await backedUp(ports)
    const other = elsewhere()
    for (const at of [4, 30, 60]) {
      const struck = faultyPorts(other, { at, loses: 'answer', worker: 'dead' })
      await expect(restored(from, struck.ports)).rejects.toThrow(WorkerStruck)
    }
    await restored(from, other)
    expect(await answers(other)).toBe(await answers(ports))
    expect(await rowsOf(other)).toEqual(await rowsOf(ports))
    await other.blobs.append('logs/refresh.jsonl', '{}\n')
  })

  test('into a shop that is not empty is refused, or takes away all that came since', async () => {
    const ports = aShop()
    const before = await answers(ports)
    const { from } = await backedUp(ports)
    ports.advance(hourMs)
    await look('zelda-9', 'i3', ports)
    await drop(ports, 'orders/zelda-9.csv', ['order_id,customer_id'])
    expect((await runJob('refresh', ports, jobs, { refit: true })).status).toBe('completed')
    await expect(restored(from, ports)).rejects.toThrow(/not empty, as there is the document .*--replace/)
    await restored(from, ports, true)
    // The app stood still meanwhile: what is asked is a new process.
    const again = ports.copy()
    expect(await answers(again)).toBe(before)
    // What the job told of its work stays: it is what happened.
    const containers = allContainers.filter(name => name !== 'logs')
    expect(await blobsNaming(['zelda-9'], containers, again)).toEqual([])
    const zelda = { id: 'profile', partition: 'zelda-9' }
    expect(await again.documents.read(collections.profiles, zelda)).toBeUndefined()
    // A list with a slot of generation 2 would never be written by the next one, which is the second again.
    for await (const page of again.documents.query(collections.userLists, {})) {
      expect(page.filter(({ a, b }) => Math.max(a?.generation ?? 0, b?.generation ?? 0) > 1)).toEqual([])
    }
  })

  test('brings nobody back who was erased since', async () => {
    const ports = aShop()
    const { from } = await backedUp(ports)
    ports.advance(hourMs)
    const erasure = await requestErasure({ userId: 'u3', requestedBy: 'test', pseudonymKey }, ports)
    const completed_at = new Date(ports.clock()).toISOString()
    await ports.documents.upsert(collections.erasures, { ...erasure, status: 'completed', completed_at, user_ids: [] })
    expect((await restored(from, ports, true)).erasures).toBe(1)
    const again = ports.copy()
    // A list is a stranger's at once, before anything is erased again.
    const shop = servedShop(again, { halfLifeMs: 1e9, tombstones: liveTombstones(pseudonymKey, again) })
    expect((await listed({ userId: 'u3', limit: 3 }, shop)).map(({ rung }) => rung)).not.toContain('personal')
    await eraseAll(again)
    const containers = allContainers.filter(name => name !== 'privacy')
    expect(await blobsNaming(['u3'], containers, again)).toEqual([])
    expect(await again.documents.read(collections.userLists, { id: 'u3', partition: 'u3' })).toBeUndefined()
  })
})

async function eraseAll(ports: MemoryPorts): Promise<void> {
  const of = { ...jobs, erasure: erasureJob({ lake, settleMs: 0, eventHubHours: 24 }) }
  expect(await startErasures('test', { jobs: of, ports })).toBeDefined()
  for (let sent = ports.sent.shift(); sent; sent = ports.sent.shift()) {
    await work(RunMessage.parse(sent.message), { jobs: of, ports })
  }
}

test('a document whose time was over is not brought back, another lives as long as it would have', () => {
  const users = { container: 'users' }
  const moment = { live: 3, now: 1_000_000 }
  expect(asRestored(users, { id: 'profile', ttl: 100, _ts: 900 }, moment)).toBeUndefined()
  expect(asRestored(users, { id: 'profile', ttl: 100, _ts: 950 }, moment)).toEqual({ id: 'profile', ttl: 50 })
  expect(asRestored(users, { id: 'consent', _ts: 1 }, moment)).toEqual({ id: 'consent' })
})

test('lists of a generation that never went live are not brought back', () => {
  const slot = (generation: number) => ({ generation, value: {} })
  const moment = { live: 3, now: 0 }
  expect(asRestored({ container: 'user_topn' }, { id: 'u', a: slot(3), b: slot(4) }, moment)).toEqual({
    id: 'u',
    a: slot(3),
  })
  expect(asRestored({ container: 'item_sim' }, { id: 'i', a: slot(1), b: slot(2) }, moment)).toMatchObject({
    a: slot(1),
    b: slot(2),
  })
})
