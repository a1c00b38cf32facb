import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Factors } from '../../shared/algorithms/als.ts'
import type { Csr } from '../../shared/algorithms/csr.ts'
import { type LineProcess, startLineProcess } from './line-process.ts'
import { pythonEnvironment } from './python-environment.ts'

interface Measured {
  ms: number
  /** Processor time of all threads. */
  cpuMs: number
  /** of the whole process while it worked */
  peakMemoryMb: number
}

/** What a list of the peer holds: shape (rows, width), row-major, best first. */
interface PeerLists {
  width: number
  items: Int32Array
  scores: Float32Array
}

interface FitOptions {
  factors: number
  iterations: number
  regularization: number
  alpha: number
  seed: number
  threads: number
  cholesky: boolean
}

/** implicit (C++, Cython, OpenBLAS), driven from here; times are those of its own calls. */
export interface Implicit {
  version: string
  /** Puts a matrix there under a name, instead of the one that had it. */
  load(name: string, matrix: Csr): Promise<void>
  drop(name: string): Promise<void>
  fit(matrix: string, options: FitOptions): Promise<Measured & { userFactors: Float32Array; itemFactors: Float32Array }>
  recommend(matrix: string, of: { model: Factors; n: number; threads: number }): Promise<Measured & PeerLists>
  similarItems(of: { model: Factors; k: number; threads: number }): Promise<Measured & PeerLists>
  /** Neighbours of all items together, an item itself not counted. */
  cosine(matrix: string, of: { k: number; threads: number }): Promise<Measured & { neighbours: number }>
  close(): Promise<void>
}

const Measurement = z
  .object({ ms: z.number(), cpu_ms: z.number(), peak_memory_mb: z.number() })
  .transform(({ ms, cpu_ms, peak_memory_mb }) => ({ ms, cpuMs: cpu_ms, peakMemoryMb: peak_memory_mb }))
const Width = z.object({ width: z.int() })
const Failure = z.object({ error: z.string() })

/** Starts the peer, or tells why this machine has none and gives nothing. */
export async function openImplicit(step: (text: string) => void): Promise<Implicit | undefined> {
  const environment = pythonEnvironment(step)
  if ('missing' in environment) {
    step(`Without the peer implicit: ${environment.missing}`)
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'sidecart-peers-'))
  // implicit asks for one thread a call in OpenBLAS, as it runs its own over the rows.
  const started = await startLineProcess(environment.python, [join(import.meta.dirname, 'implicit_peer.py')], {
    OPENBLAS_NUM_THREADS: '1',
  })
  const { version } = z.object({ version: z.string() }).parse(started.greeting)
  return { version, ...commandsOf(started.child, folder) }
}

function commandsOf(child: LineProcess, folder: string): Omit<Implicit, 'version'> {
  const ask = async (request: Readonly<Record<string, unknown>>) => {
    const answer = await child.ask(request)
    const failure = Failure.safeParse(answer)
    if (failure.success) throw new Error(`implicit: ${failure.data.error}`)
    return answer
  }
  const paths = {
    user_path: join(folder, 'users.bin'),
    item_path: join(folder, 'items.bin'),
    ids_path: join(folder, 'ids.bin'),
    scores_path: join(folder, 'scores.bin'),
  }
  const { user_path, item_path, ids_path, scores_path } = paths
  const lists = async (request: Readonly<Record<string, unknown>>): Promise<Measured & PeerLists> => {
    const answer = await ask(request)
    const items = new Int32Array(wholeFile(ids_path))
    return { ...Measurement.parse(answer), ...Width.parse(answer), items, scores: floats(scores_path) }
  }
  return {
    load: async (name, { rows, columns, indptr, indices, values }) => {
      const path = join(folder, 'matrix.bin')
      writeFileSync(path, indptr)
      writeFileSync(path, indices, { flag: 'a' })
      writeFileSync(path, values, { flag: 'a' })
      await ask({ command: 'load', name, path, rows, columns, entries: indices.length })
    },
    drop: async name => void (await ask({ command: 'drop', name })),
    fit: async (matrix, options) => {
      const answer = await ask({ command: 'fit', matrix, ...options, user_path, item_path })
      return { ...Measurement.parse(answer), userFactors: floats(user_path), itemFactors: floats(item_path) }
    },
    recommend: async (matrix, { model, n, threads }) => {
      writeFileSync(user_path, model.userFactors)
      writeFileSync(item_path, model.itemFactors)
      return lists({ command: 'recommend', matrix, n, threads, factors: model.factors, ...paths })
    },
    similarItems: async ({ model, k, threads }) => {
      writeFileSync(item_path, model.itemFactors)
      return lists({ command: 'similar_items', k, threads, factors: model.factors, item_path, ids_path, scores_path })
    },
    cosine: async (matrix, options) => {
      const answer = await ask({ command: 'cosine', matrix, ...options })
      return { ...Measurement.parse(answer), ...z.object({ neighbours: z.int() }).parse(answer) }
    },
    close: async () => {
      await child.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function floats(path: string): Float32Array {
  return new Float32Array(wholeFile(path))
}

function wholeFile(path: string): ArrayBuffer {
  const bytes = readFileSync(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}
