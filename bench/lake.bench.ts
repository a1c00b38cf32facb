import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../local/project-root.ts'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { lakeStages } from '../shared/lake/lake-job.ts'
import type { Ports } from '../shared/ports.ts'
import type { Stage, StageContext } from '../shared/runs/stage.ts'
import { peakMemoryMb } from './peak-memory.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { fourDigits } from './spread.ts'

const options = { pseudonymKey: 'a key for benches only', dataQualityFloor: 0.95, retentionDays: 30 }
/** What DuckDB may take of the 1.5 GB that the process is allowed; the rest is Node's and what DuckDB does not count. */
const memoryMb = 700
const threads = 2

const Generated = z.object({ rows: z.record(z.string(), z.number()) })

/**
 * The whole batch way of a generated shop, files to gold, by the stages of the lake job on a plain folder and documents in
 * memory: first all of it, then again with nothing new. Seconds by stage and by table; processor time tells more when the
 * machine is not idle.
 */
export const lakeBench: Bench = (step, { profile = 'lakehouse' }) =>
  withState(async root => {
    step(`Generating the shop ${profile}`)
    const rows = await generated(profile, join(root, 'landing'))
    const stages = lakeStages(options)
    const ports: Ports = {
      ...memoryPorts(),
      ...{ blobs: directoryBlobs(root), sql: duckDbSql({ memoryMb, threads, folder: join(root, 'scratch') }) },
      ...{ clock: Date.now, uuid: randomUUID },
    }
    const results: BenchResult[] = []
    for (const name of ['files to gold', 'again, nothing new']) {
      const taken: StageTime[] = []
      const before = process.cpuUsage()
      const { peakMemoryMb: peak } = await peakMemoryMb(async () => {
        for (const stage of stages) taken.push(await timed(stage, { name, ports, step }))
      })
      const seconds = taken.reduce((sum, stage) => sum + stage.seconds, 0)
      const { user, system } = process.cpuUsage(before)
      const quality = {
        ...{ rows, rows_per_second: Math.round(rows / seconds), peak_memory_mb: Math.round(peak) },
        cpu_s: fourDigits((user + system) / 1e6),
      }
      results.push(lone(`${profile}, ${name}`, { values: [seconds], unit: 's', quality }))
      for (const { stage, seconds, tables } of taken)
        results.push(lone(`  ${stage}`, { values: [seconds], unit: 's', quality: tables }))
    }
    return results
  })

/** Writes the shop into a folder; how many rows its files for landing have. */
async function generated(profile: string, folder: string): Promise<number> {
  const args = ['--max-semi-space-size=16', 'commands/generate.ts', '--profile', profile, '--out', folder]
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'pipe'] })
  const told: Buffer[] = []
  child.stderr.on('data', text => told.push(text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`npm run generate ended with exit code ${code}: ${Buffer.concat(told)}`)
  const { rows } = Generated.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  const { interactions = 0, 'catalog-changes': changes = 0 } = rows
  return Object.values(rows).reduce((sum, count) => sum + count, 0) - interactions - changes
}

interface StageTime {
  stage: string
  seconds: number
  /** Seconds by table or kind of file. */
  tables: Record<string, number>
}

/** Runs a stage round by round, as the run engine does. */
async function timed(
  stage: Stage,
  { name, ports, step }: { name: string; ports: Ports; step: (text: string) => void },
): Promise<StageTime> {
  const context: StageContext = {
    ...{ runId: name, token: 1, createdAt: new Date(ports.clock()).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  const tables: Record<string, number> = {}
  const started = performance.now()
  let chunks = await stage.plan(context)
  for (let round = 0; chunks.length > 0; round++) {
    const metrics = []
    for (const chunk of chunks) {
      const from = performance.now()
      metrics.push(await stage.run(chunk, context))
      const of = tableOf(chunk)
      tables[of] = fourDigits((tables[of] ?? 0) + (performance.now() - from) / 1000)
    }
    chunks = (await stage.planNext?.(context, { round, chunks, metrics })) ?? []
  }
  const seconds = (performance.now() - started) / 1000
  step(`  ${name}: ${stage.name} ${seconds.toFixed(1)} s ${JSON.stringify(tables)}`)
  return { stage: stage.name, seconds, tables }
}

const Chunk = z.object({ table: z.string().optional(), files: z.array(z.object({ path: z.string() })).optional() })

/** What a chunk works at: a table, or a folder of landing/. */
function tableOf(chunk: unknown): string {
  const { table, files } = Chunk.parse(chunk)
  return table ?? files?.[0]?.path.split('/')[1] ?? 'all'
}
