import { describe, expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { checkerboardShop, jobs } from '../../tests/memory-shop.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { completions, findRun } from '../runs/ledger.ts'
import { startRun } from '../runs/start-run.ts'
import { sweep } from '../runs/sweep.ts'
import { work } from '../runs/work.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import { type JobKind, RunMessage } from '../schemas/run.ts'

const silentAfterMs = 120_000
const kinds: readonly JobKind[] = ['landing', 'refresh']

describe('the landing and refresh of a shop whose worker dies at any one operation', () => {
  const everyOperationMs = 120_000
  test.each(['effect', 'answer'] as const)(
    'leave the same lists as undisturbed, the %s of it lost',
    async loses => {
      const { operations, left: undisturbed } = await undisturbedShop()
      expect(operations).toBeGreaterThan(150)
      for (let at = 1; at <= operations; at++) {
        expect(await leftAfter({ at, loses, worker: 'dead' }), `struck at operation ${at}`).toEqual(undisturbed)
      }
    },
    everyOperationMs,
  )
})

async function undisturbedShop(): Promise<{ operations: number; left: unknown }> {
  const ports = await checkerboardShop()
  const counted = faultyPorts(ports, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'dead' })
  for (const kind of kinds) await runOnce(kind, ports, counted.ports)
  return { operations: counted.operations(), left: await everythingLeft(ports) }
}

async function leftAfter(fault: Fault): Promise<unknown> {
  const ports = await checkerboardShop(memoryPorts())
  const mortal = faultyPorts(ports, fault)
  for (const kind of kinds) {
    try {
      await runOnce(kind, ports, mortal.ports)
    } catch (cause) {
      if (!(cause instanceof WorkerStruck)) throw cause
      for (let minute = 0; minute < 3; minute++) {
        await runOnce(kind, ports, ports)
        ports.advance(silentAfterMs + 1_000)
        await sweep({ silentAfterMs }, ports)
      }
    }
    // A worker started anew.
    if (mortal.operations() >= fault.at) mortal.ports = ports
  }
  return everythingLeft(ports)
}

async function runOnce(kind: JobKind, { sent }: MemoryPorts, ports: Ports): Promise<void> {
  await startRun(kind, { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
  for (let next = sent.shift(); next; next = sent.shift()) await work(RunMessage.parse(next.message), { jobs, ports })
}

/** What a shop is served from, and what the ledger says of how it came about, without moments in time. */
async function everythingLeft(ports: Ports): Promise<unknown> {
  const lists = await Promise.all([
    documentsOf(collections.items, ports),
    documentsOf(collections.userLists, ports),
    documentsOf(collections.itemNeighbours, ports),
    documentsOf(collections.itemRules, ports),
    documentsOf(collections.popularity, ports),
  ])
  const live = await ports.documents.read(collections.livePointer, { id: 'live', partition: 'live' })
  const { generation, data_until, previous } = live?.document ?? {}
  const orders: string[] = []
  for await (const { path } of ports.blobs.list('bronze/orders/')) orders.push(path)
  const runs = await Promise.all(kinds.map(kind => runLeft(kind, ports)))
  return { lists, live: { generation, data_until, previous }, orders, runs }
}

async function documentsOf<T>(collection: Collection<T>, { documents }: Ports): Promise<string[]> {
  const found: T[] = []
  for await (const page of documents.query(collection, {})) found.push(...page)
  return found.map(document => JSON.stringify(document)).sort()
}

async function runLeft(kind: JobKind, ports: Ports): Promise<unknown> {
  const { run } = await startRun(kind, { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
  const stored = await findRun(run.run_id, ports.documents)
  const stages = stored?.document.stages ?? []
  const done = await Promise.all(
    stages.map(({ name }) => completions({ run_id: run.run_id, stage: name }, ports.documents)),
  )
  return { status: stored?.document.status, completions: done.map((all, stage) => [stages[stage]?.name, all.length]) }
}
