import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { MemoryPorts } from '../shared/adapters/memory/ports.ts'
import type { Ports } from '../shared/ports.ts'
import { readLivePointer } from '../shared/publishing/live-pointer.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { sweep } from '../shared/runs/sweep.ts'
import { work } from '../shared/runs/work.ts'
import { collections } from '../shared/schemas/collections.ts'
import { RunMessage } from '../shared/schemas/run.ts'
import { parseManifest } from '../shared/training/model.ts'
import { type Fault, faultyPorts, WorkerStruck } from './faulty-ports.ts'
import { fittedShop, shoppers } from './fitted-shop.ts'
import { jobs } from './memory-shop.ts'

const silentAfterMs = 120_000

/** A fitted shop where somebody came and somebody new. */
async function shopWithNews(): Promise<MemoryPorts> {
  const { ports } = await fittedShop()
  await shoppers(ports, [
    ['u4', 'view', 'i1'],
    ['newcomer', 'purchase', 'i3'],
  ])
  return ports
}

/** One operation in so many is struck, of the lake's as of training's. */
const stride = 37

test('an increment whose worker is killed at one operation leaves the same model and lists', {
  timeout: 180_000,
}, async () => {
  const shop = await shopWithNews()
  const undisturbed = shop.copy()
  const counted = faultyPorts(undisturbed, { at: Number.POSITIVE_INFINITY, loses: 'answer', worker: 'dead' })
  await workOff(undisturbed, counted.ports)
  const expected = await everythingLeft(undisturbed)
  expect(expected).toMatchObject({ generation: 2 })
  expect(counted.operations()).toBeGreaterThan(100)
  for (let at = 1; at <= counted.operations(); at += stride) {
    expect(await leftAfter(shop.copy(), { at, loses: 'answer', worker: 'dead' }), `killed at operation ${at}`).toEqual(
      expected,
    )
  }
})

async function leftAfter(ports: MemoryPorts, fault: Fault): Promise<unknown> {
  try {
    await workOff(ports, faultyPorts(ports, fault).ports)
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
    for (let minute = 0; minute < 3; minute++) {
      await workOff(ports, ports)
      ports.advance(silentAfterMs + 1_000)
      await sweep({ silentAfterMs }, ports)
    }
  }
  return everythingLeft(ports)
}

async function workOff({ sent }: MemoryPorts, ports: Ports): Promise<void> {
  await startRun('refresh', { trigger: 'test', idempotencyKey: 'the increment', jobs }, ports)
  for (let next = sent.shift(); next; next = sent.shift()) await work(RunMessage.parse(next.message), { jobs, ports })
}

/** The hash of every blob of models, the users' lists and what is live. */
async function everythingLeft({ blobs, documents }: Ports): Promise<unknown> {
  const models: Record<string, string> = {}
  for await (const { path } of blobs.list('models/')) {
    // Digests of the generation before may stay until the next run.
    if (path.startsWith('models/digests/')) continue
    // The second of publishing, which is later where a worker died.
    if (path.endsWith('/made.bin')) continue
    const bytes = (await blobs.read(path)) ?? new Uint8Array()
    models[path] = createHash('sha256')
      .update(path.endsWith('/model.json') ? manifestLeft(bytes) : bytes)
      .digest('hex')
  }
  const lists: string[] = []
  for await (const page of documents.query(collections.userLists, {})) {
    for (const list of page) lists.push(JSON.stringify(list))
  }
  return { models, lists: lists.sort(), generation: (await readLivePointer(documents))?.generation }
}

/** The manifest but for the hash of what it was trained on, as names of data files are drawn by lot. */
function manifestLeft(bytes: Uint8Array): string {
  const { training = [], ...manifest } = parseManifest(bytes)
  return JSON.stringify({ ...manifest, training: training.map(({ sha256: _, ...table }) => table) })
}
