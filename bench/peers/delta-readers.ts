import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { AsOf } from '../../shared/lake/delta/snapshot.ts'
import { startLineProcess } from './line-process.ts'
import { pythonEnvironment } from './python-environment.ts'

/** What a table comes to: see delta_facts.py. */
export const Facts = z.object({
  rows: z.number(),
  columns: z.record(z.string(), z.array(z.number().nullable())),
  ms: z.number(),
})
export type Facts = z.infer<typeof Facts>

/** Another people's reader of Delta tables. */
export interface DeltaReader {
  name: string
  version: string
  facts(folder: string, asOf?: AsOf): Promise<Facts>
  close(): Promise<void>
}

/** delta-rs also writes: the table that delta_rs_table.py tells of. */
export interface DeltaWriter extends DeltaReader {
  write(folder: string): Promise<void>
}

const Failure = z.object({ error: z.string() })

/** Starts delta-rs, or tells why this machine has none and gives nothing. */
export async function openDeltaRs(step: (text: string) => void): Promise<DeltaWriter | undefined> {
  const environment = pythonEnvironment(step, 'lake')
  if ('missing' in environment) {
    step(`Without the peer delta-rs: ${environment.missing}`)
    return undefined
  }
  const { ask, ...reader } = await startReader('delta-rs', environment.python, ['delta_rs_peer.py'])
  return { ...reader, write: async path => void (await ask({ command: 'write', path })) }
}

/** Starts Spark with its delta package, or tells why this machine has none and gives nothing. */
export async function openSpark(step: (text: string) => void): Promise<DeltaReader | undefined> {
  const environment = pythonEnvironment(step, 'lake')
  const hasJava = !spawnSync('java', ['-version']).error
  if ('missing' in environment || !hasJava) {
    step(`Without the peer Spark: ${'missing' in environment ? environment.missing : 'java is not on the PATH'}`)
    return undefined
  }
  const { ask: _, ...reader } = await startReader('Spark', environment.python, [
    'spark_peer.py',
    (await jars(step)).join(),
  ])
  return reader
}

async function startReader(name: string, python: string, [script = '', ...args]: readonly string[]) {
  const started = await startLineProcess(python, [join(import.meta.dirname, script), ...args], {})
  const { version } = z.object({ version: z.string() }).parse(started.greeting)
  const ask = async (request: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const answer = await started.child.ask(request)
    const failure = Failure.safeParse(answer)
    if (failure.success) throw new Error(`${name} on ${JSON.stringify(request)}: ${failure.data.error}`)
    return answer
  }
  const facts = async (path: string, asOf?: AsOf): Promise<Facts> => {
    const at = asOf && ('version' in asOf ? asOf : { timestamp_ms: asOf.timestampMs })
    return Facts.parse(await ask({ command: 'facts', path, ...at }))
  }
  return { name, version, ask, facts, close: () => started.child.close() }
}

const repository = 'https://repo1.maven.org/maven2'
const artifacts = [
  'io/delta/delta-spark_2.13/4.0.1/delta-spark_2.13-4.0.1.jar',
  'io/delta/delta-storage/4.0.1/delta-storage-4.0.1.jar',
  'org/antlr/antlr4-runtime/4.13.1/antlr4-runtime-4.13.1.jar',
]

/** The delta package for Spark, fetched on first use. */
async function jars(step: (text: string) => void): Promise<string[]> {
  const folder = join(import.meta.dirname, '.jars')
  mkdirSync(folder, { recursive: true })
  const files: string[] = []
  for (const artifact of artifacts) {
    const file = join(folder, artifact.slice(artifact.lastIndexOf('/') + 1))
    files.push(file)
    if (existsSync(file)) continue
    step(`Fetching ${artifact}`)
    const answer = await fetch(`${repository}/${artifact}`)
    if (!answer.ok) throw new Error(`Cannot fetch ${artifact}: ${answer.status}`)
    writeFileSync(`${file}.part`, Buffer.from(await answer.arrayBuffer()))
    renameSync(`${file}.part`, file)
  }
  return files
}
