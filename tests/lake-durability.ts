import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { numbers, ordersIn, tryOut } from './delta-table.ts'
import type { DurabilityCount } from './durability-run.ts'

const writers = 8
const ordersPerWriterMax = 1_000_000

export const writerId = (writer: number): string => `writer ${writer}`
export const writerOrder = (writer: number, turn: number): number => writer * ordersPerWriterMax + turn

/**
 * Eight processes put orders into one table of a directory, each order by a commit of its own, until there were
 * `commitsMin`; one after the other is killed with kill -9, `rounds` times, and started again. Lost is an order that was
 * acknowledged and is not there; a gap is one that is missing, doubled, or a version without one.
 */
export async function lakeDurability({
  rounds,
  onRound,
  commitsMin = 1_000,
}: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
  commitsMin?: number
}): Promise<DurabilityCount> {
  const root = mkdtempSync(join(tmpdir(), 'lake-durability-'))
  const acknowledged = new Set<number>()
  const children = numbers(0, writers - 1).map(writer => startWriter(root, writer, acknowledged))
  const random = seededRandom(5)
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  try {
    while (count.rounds < rounds || acknowledged.size < commitsMin) {
      await delay(random() * 500)
      if (count.rounds === rounds) continue
      const writer = Math.floor(random() * writers)
      const child = children[writer]
      // One that has not come to its first commit is left to do so.
      if (!child?.hasWritten()) continue
      await killed(child.process)
      children[writer] = startWriter(root, writer, acknowledged)
      count.rounds += 1
      count.acknowledged = acknowledged.size
      onRound?.({ ...count })
    }
    await Promise.all(children.map(child => killed(child.process)))
    return { ...count, acknowledged: acknowledged.size, ...(await missing(root, acknowledged)) }
  } finally {
    for (const child of children) child.process.kill('SIGKILL')
    rmSync(root, { recursive: true, force: true })
  }
}

interface Writer {
  process: ChildProcess
  hasWritten(): boolean
}

function startWriter(root: string, writer: number, acknowledged: Set<number>): Writer {
  const file = join(import.meta.dirname, 'lake-writer.ts')
  const child = spawn(process.execPath, [file, root, String(writer)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let written = 0
  createInterface(child.stdout).on('line', turn => {
    written += 1
    acknowledged.add(writerOrder(writer, Number(turn)))
  })
  return { process: child, hasWritten: () => written > 0 }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`A writer ended by itself with ${child.exitCode}`)
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

async function missing(root: string, acknowledged: ReadonlySet<number>): Promise<{ lost: number; gaps: number }> {
  const { sql, uuid } = memoryPorts()
  const ports = { sql, uuid, clock: Date.now, blobs: directoryBlobs(root) }
  const orders = (await ordersIn(ports)) ?? []
  const found = new Set(orders)
  const snapshot = await readSnapshot(tryOut.path, ports)
  const expected = numbers(0, writers - 1).flatMap(writer =>
    numbers(0, snapshot?.transactions.get(writerId(writer)) ?? -1).map(turn => writerOrder(writer, turn)),
  )
  const unlike = expected.filter(order => !found.has(order)).length + Math.abs(orders.length - expected.length)
  return {
    lost: [...acknowledged].filter(order => !found.has(order)).length,
    gaps: unlike + Math.abs((snapshot?.version ?? -1) + 1 - orders.length),
  }
}
