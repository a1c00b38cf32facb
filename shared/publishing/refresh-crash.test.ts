import { describe, expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { checkerboardShop, jobs, runJob } from '../../tests/memory-shop.ts'
import type { MemoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { completions, findRun } from '../runs/ledger.ts'
import { startRun } from '../runs/start-run.ts'
import { sweep } from '../runs/sweep.ts'
import { work } from '../runs/work.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import { RunMessage } from '../schemas/run.ts'

const silentAfterMs = 120_000

/** One operation in so many is struck: every kind of them is, and the other test strikes those in between. */
const stride = 46

describe('the refresh of a shop whose worker dies at one operation', () => {
  const everyOperationMs = 120_000
  test.each([
    ['effect', 1],
    ['answer', 1 + stride / 2],
  ] as const)(
    'leaves the same lists as undisturbed, the %s of it lost',
    async (loses, first) => {
      const shop = await checkerboardShop()
      await runJob('lake', shop)
      const { operations, left: undisturbed } = await undisturbedShop(shop.copy())
      expect(operations).toBeGreaterThan(150)
      for (let at = first; at <= operations; at += stride) {
        expect(await leftAfter(shop.copy(), { at, loses, worker: 'dead' }), `struck at operation ${at}`).toEqual(
          undisturbed,
        )
      }
    },
    everyOperationMs,
  )
})

async function undisturbedShop(ports: MemoryPorts): Promise<{ operations: number; left: unknown }> {
  const counted = faultyPorts(ports, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'dead' })
  await runOnce(ports, counted.ports)
  return { operations: counted.operations(), left: await everythingLeft(ports) }
}

async function leftAfter(ports: MemoryPorts, fault: Fault): Promise<unknown> {
  try {
    await runOnce(ports, faultyPorts(ports, fault).ports)
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
    for (let minute = 0; minute < 3; minute++) {
      await runOnce(ports, ports)
      ports.advance(silentAfterMs + 1_000)
      await sweep({ silentAfterMs }, ports)
    }
  }
  return everythingLeft(ports)
}

async function runOnce({ sent }: MemoryPorts, ports: Ports): Promise<void> {
  await startRun('refresh', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
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
  return { lists, live: { generation, data_until, previous }, run: await runLeft(ports) }
}

async function documentsOf<T>(collection: Collection<T>, { documents }: Ports): Promise<string[]> {
  const found: T[] = []
  for await (const page of documents.query(collection, {})) found.push(...page)
  return found.map(document => JSON.stringify(document)).sort()
}

async function runLeft(ports: Ports): Promise<unknown> {
  const { run } = await startRun('refresh', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)
  const stored = await findRun(run.run_id, ports.documents)
  const stages = stored?.document.stages ?? []
  const done = await Promise.all(
    stages.map(({ name }) => completions({ run_id: run.run_id, stage: name }, ports.documents)),
  )
  return { status: stored?.document.status, completions: done.map((all, stage) => [stages[stage]?.name, all.length]) }
}
