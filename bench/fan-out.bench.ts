import { availableParallelism } from 'node:os'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { gramianBlockRows } from '../shared/algorithms/als-side.ts'
import { findRun } from '../shared/runs/ledger.ts'
import type { Stage, StageContext } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { RunMessage } from '../shared/schemas/run.ts'
import { readMatrixIndptr } from '../shared/training/dataset-blobs.ts'
import { factorsStage } from '../shared/training/factors-stage.ts'
import { cutByWork, type HalfStepChunk } from '../shared/training/half-step-plan.ts'
import { datasetStage, randomMatrix } from '../tests/training-dataset.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { fourDigits, spread } from './spread.ts'

const shape = { rows: 200_000, columns: 20_000, entries: 2_000_000, seed: 1 }
// Many steps for an iteration, so that a chunk computes for a while on data that is quickly made.
const als = {
  ...{ factors: 64, iterations: 1, alpha: 3, conjugateGradientSteps: 100 },
  ...{ regularization: 0.5, regularizationExponent: 0 },
}
const instance = { memoryMb: 2_048, chunkSeconds: 60, threads: availableParallelism() }
const chunksCompared = 10
const runs = 5

/** What it costs to cut half-iterations into ten chunks, all on one instance through the run engine, against one chunk. */
export const fanOutBench: Bench = async step => {
  const userItems = randomMatrix(shape)
  return withState(async root => {
    const seconds = { one: [] as number[], ten: [] as number[] }
    for (let run = 0; run <= runs; run++) {
      step(run === 0 ? 'Warming up' : `Run ${run} of ${runs}`)
      for (const [name, chunks] of [
        ['one', 1],
        ['ten', chunksCompared],
      ] as const) {
        const took = await fitted(chunks, { name: `${name} ${run}`, dataset: datasetStage(userItems), root })
        if (run > 0) seconds[name].push(took)
      }
    }
    return [compared(seconds)]
  })
}

function compared({ one, ten }: { one: number[]; ten: number[] }): BenchResult {
  const peer = spread(one)
  const ours = spread(ten)
  const halves = 2 * als.iterations
  const perChunk = (ours.median - peer.median) / (halves * (chunksCompared - 1))
  return {
    ...lone('ten chunks a half-iteration, one after the other', { values: ten, unit: 's' }),
    peers: { one_chunk: peer },
    ratio: { one_chunk: fourDigits(ours.median / peer.median) },
    quality: {
      seconds_a_chunk: fourDigits(ours.median / halves / chunksCompared),
      overhead_ms_a_chunk: fourDigits(1000 * perChunk),
      overhead_percent_of_chunks_of_30_s: fourDigits((100 * perChunk) / 30),
    },
  }
}

/** Seconds that the stage factors took by the ledger's own clock. */
async function fitted(
  chunks: number,
  { name, dataset, root }: { name: string; dataset: Stage; root: string },
): Promise<number> {
  const memory = memoryPorts()
  const ports = { ...memory, blobs: directoryBlobs(root), clock: Date.now }
  const stages = [dataset, cutInto(chunks, factorsStage({ als, seed: 1, instance }))]
  const jobs = {
    refresh: { kind: 'refresh', stages },
    lake: { kind: 'lake', stages },
    tune: { kind: 'tune', stages },
  } as const
  const { run } = await startRun('refresh', { trigger: 'bench', idempotencyKey: name, jobs }, ports)
  for (let next = memory.sent.shift(); next; next = memory.sent.shift()) {
    await work(RunMessage.parse(next.message), { jobs, ports })
  }
  const ended = (await findRun(run.run_id, ports.documents))?.document
  const { started_at: started = '', completed_at: completed = '' } = ended?.stages[1] ?? {}
  if (ended?.status !== 'completed') throw new Error(`The run failed: ${ended?.error}`)
  return (Date.parse(completed) - Date.parse(started)) / 1000
}

/** The stage with every half-iteration a round of so many chunks, whatever it would plan. */
function cutInto(count: number, factors: Stage): Stage {
  const cut = async (half: number, context: StageContext): Promise<HalfStepChunk[]> => {
    if (half >= 2 * als.iterations) return []
    const indptr = await readMatrixIndptr(context, half % 2 === 0 ? 'user-items' : 'item-users')
    const blockRows = gramianBlockRows(indptr.length - 1)
    return cutByWork(indptr, { chunks: count, blockRows, workPerRow: 1 }).map(range => ({ ...range, half, halves: 1 }))
  }
  return {
    ...factors,
    plan: context => cut(0, context),
    planNext: async (context, before) => {
      await factors.planNext?.(context, before)
      return cut(before.round + 1, context)
    },
  }
}
