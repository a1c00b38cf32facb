import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateShop, type Manifest } from '../commands/generate/generate-shop.ts'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import type { Delivered } from '../shared/ingest/delivered.ts'
import { eventsStage } from '../shared/ingest/events-stage.ts'
import { filesStage } from '../shared/ingest/landing/files-stage.ts'
import { writeSegment } from '../shared/ingest/segments/write-segment.ts'
import { silverStage } from '../shared/lake/silver/silver-stage.ts'
import type { Ports } from '../shared/ports.ts'
import type { Stage, StageContext } from '../shared/runs/stage.ts'
import type { Metrics } from '../shared/schemas/run.ts'
import { faultyPorts, WorkerStruck } from './faulty-ports.ts'

const pseudonymKey = 'a key for tests only'
const stages = [filesStage({ pseudonymKey }), eventsStage, silverStage({ pseudonymKey })]
const profile = { users: 40, items: 50, orderLines: 300, ratings: 80, events: 150, days: 45 }
const dirty = 0.2
const formats = ['csv', 'jsonl', 'parquet'] as const
const increments = 3
const minuteMs = 60_000
/** About as many operations as a run of the stages has, so that some runs are struck and some are not. */
const operationsMax = 400

export interface DirtyShop {
  ports: MemoryPorts
  manifest: Manifest
  /** The files by their path in landing/. */
  files: ReadonlyMap<string, Uint8Array>
}

/**
 * A generated shop, a fifth of its rows broken, taken into the lake in three increments of files in any order and of events;
 * in each the worker is killed at some operation and another one takes over.
 */
export async function dirtyShop(seed: number): Promise<DirtyShop> {
  const folder = mkdtempSync(join(tmpdir(), 'dirty-shop-'))
  try {
    const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
    const format = formats[seed % formats.length] ?? 'csv'
    const options = { profile, name: 'dirty', seed, folder, format, dirty }
    const manifest = await generateShop(options, { sql: ports.sql, onMonth: () => undefined })
    const hubs = new Set(['interactions', 'catalog-changes'])
    const landed = manifest.files.filter(({ kind }) => !hubs.has(kind))
    const files = new Map(landed.map(({ path }) => [`landing/${path}`, readFileSync(join(folder, path))]))
    const random = seededRandom(seed)
    const waiting = [...files].sort(() => random() - 0.5)
    const messages = [...hubs].map(hub => ({ hub, events: messagesOf(join(folder, `${hub}.jsonl`)) }))
    for (let increment = 0; increment < increments; increment++) {
      const left = increments - increment
      for (const [path, bytes] of waiting.splice(0, Math.ceil(waiting.length / left))) {
        await ports.blobs.write(path, bytes)
      }
      for (const { hub, events } of messages) {
        const part = events.splice(0, Math.ceil(events.length / left))
        await writeSegment(hub, { partition: '0', events: part }, ports)
      }
      await runWhileKilled(ports, random)
      ports.advance(minuteMs)
    }
    return { ports, manifest, files }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the hub delivers of a file of messages; those that are no JSON never come so far. */
function messagesOf(file: string): Delivered[] {
  const enqueuedAt = new Date(Date.UTC(2026, 0, 1)).toISOString()
  const lines = readFileSync(file).toString('latin1').split('\n').filter(Boolean)
  return lines.flatMap((line, index) => {
    try {
      const body: unknown = JSON.parse(line)
      return [{ sequenceNumber: index + 1, enqueuedAt, body }]
    } catch {
      return []
    }
  })
}

async function runWhileKilled(ports: MemoryPorts, random: Random): Promise<void> {
  const at = 1 + Math.floor(random() * operationsMax)
  const loses = random() < 0.5 ? 'effect' : 'answer'
  try {
    return await runLake(faultyPorts(ports, { at, loses, worker: 'dead' }).ports)
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
  }
  ports.advance(minuteMs)
  await runLake(ports)
}

/** Files and events to silver, as a run of the job does it; `rebuild` makes silver anew out of all of bronze. */
export async function runLake(ports: Ports, { rebuild = false } = {}): Promise<void> {
  const all = rebuild ? [silverStage({ pseudonymKey, rebuild })] : stages
  for (const stage of all) await runStage(stage, ports)
}

async function runStage(stage: Stage, ports: Ports): Promise<void> {
  const context: StageContext = {
    ...{ runId: 'run', token: 1, createdAt: '2026-01-01T00:00:00.000Z', ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  let chunks = await stage.plan(context)
  for (let round = 0; chunks.length > 0; round++) {
    const metrics: Metrics[] = []
    for (const chunk of chunks) metrics.push(await stage.run(chunk, context))
    chunks = (await stage.planNext?.(context, { round, chunks, metrics })) ?? []
  }
}
