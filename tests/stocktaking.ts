import { z } from 'zod'
import type { MemoryPorts } from '../shared/adapters/memory/ports.ts'
import type { Blobs, Ports } from '../shared/ports.ts'
import { completions, findRun } from '../shared/runs/ledger.ts'
import { type Jobs, type Stage, stage } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { type Completion, type Run, RunMessage } from '../shared/schemas/run.ts'

/** Counted pieces per shelf: the stocktaking adds up to 60. */
const shelves = [10, 20, 30]
const key = 'the one stocktaking'

/** A job small enough to follow by eye: count three shelves, no returns, add up, and tell two people. */
export const stocktaking: readonly Stage[] = [
  stage({
    name: 'count',
    weight: 3,
    parse: raw => z.object({ shelf: z.int() }).parse(raw),
    plan: async () => shelves.map((_, shelf) => ({ shelf })),
    run: async ({ shelf }, { runId, ports }) => {
      await ports.blobs.write(`runs/${runId}/shelf-${shelf}`, Buffer.from(String(shelves[shelf])))
      return { pieces: shelves[shelf] ?? 0 }
    },
  }),
  stage({ name: 'returns', weight: 1, parse: () => ({}), plan: async () => [], run: async () => ({}) }),
  stage({
    name: 'add-up',
    weight: 2,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, { runId, ports }) => {
      let pieces = 0
      for await (const { path } of ports.blobs.list(`runs/${runId}/shelf-`)) pieces += await numberIn(path, ports.blobs)
      await ports.blobs.write(`runs/${runId}/total`, Buffer.from(String(pieces)))
      return { pieces }
    },
  }),
  stage({
    name: 'tell',
    weight: 2,
    parse: raw => z.object({ who: z.string() }).parse(raw),
    plan: async () => [{ who: 'owner' }, { who: 'clerk' }],
    run: async ({ who }, { runId, ports }) => {
      const pieces = await numberIn(`runs/${runId}/total`, ports.blobs)
      await ports.blobs.write(`told/${who}`, Buffer.from(String(pieces)))
      return { told: 1 }
    },
  }),
]

/** Both kinds of job made of the same stages. */
export const jobsOf = (stages: readonly Stage[]): Jobs => ({
  lake: { kind: 'lake', stages },
  tune: { kind: 'tune', stages },
  refresh: { kind: 'refresh', stages },
  erasure: { kind: 'erasure', stages },
})
export const stocktakingJobs = jobsOf(stocktaking)

/** The same, but adding up takes two rounds: the first two shelves and the third, then both sums. */
export const stocktakingInRounds = jobsOf(
  stocktaking.map(each =>
    each.name === 'add-up'
      ? stage({
          name: 'add-up',
          weight: 2,
          parse: raw => z.object({ of: z.array(z.string()), to: z.string() }).parse(raw),
          plan: async ({ progress }) => {
            await progress(0.6)
            return [
              { of: ['shelf-0', 'shelf-1'], to: 'sum-0' },
              { of: ['shelf-2'], to: 'sum-1' },
            ]
          },
          planNext: async (_, { round, chunks, metrics }) =>
            round === 0 && metrics.length === 2 ? [{ of: chunks.map(({ to }) => to), to: 'total' }] : [],
          run: async ({ of, to }, { runId, ports }) => {
            let pieces = 0
            for (const name of of) pieces += await numberIn(`runs/${runId}/${name}`, ports.blobs)
            await ports.blobs.write(`runs/${runId}/${to}`, Buffer.from(String(pieces)))
            return { added: of.length }
          },
        })
      : each,
  ),
)
export const everyChunkInRounds = [
  ...['add-up-0', 'add-up-0 of round 1', 'add-up-1'],
  ...['count-0', 'count-1', 'count-2', 'tell-0', 'tell-1'],
]

/** Starts the one stocktaking, or finds it. */
export const startStocktaking = (ports: Ports, jobs: Jobs = stocktakingJobs) =>
  startRun('refresh', { trigger: 'test', idempotencyKey: key, jobs }, ports)

/** Takes the message at `place` out of the queue, or a copy of it, and does what it asks for; every step by the queue. */
export async function deliver(
  ports: MemoryPorts,
  { place = 0, again = false, jobs = stocktakingJobs }: { place?: number; again?: boolean; jobs?: Jobs } = {},
): Promise<void> {
  const [sent] = again ? ports.sent.slice(place, place + 1) : ports.sent.splice(place, 1)
  await work(RunMessage.parse(sent?.message), { jobs, ports, continueInlineMs: 0 })
}

export async function runOf(runId: string, ports: Pick<Ports, 'documents'>): Promise<Run> {
  const stored = await findRun(runId, ports.documents)
  if (!stored) throw new Error(`There is no run ${runId}`)
  return stored.document
}

/** Every completion of the run, as `stage-chunk`, in order; those of later rounds say so. */
export async function completedChunks(runId: string, ports: Pick<Ports, 'documents'>): Promise<string[]> {
  const all: Completion[] = []
  for (const { name } of stocktaking) all.push(...(await completions({ run_id: runId, stage: name }, ports.documents)))
  return all.map(({ stage: name, round, chunk }) => `${name}-${chunk}${round === 0 ? '' : ` of round ${round}`}`).sort()
}

export const everyChunk = ['add-up-0', 'count-0', 'count-1', 'count-2', 'tell-0', 'tell-1']

/** What the stocktaking left behind: 60, twice, when it went well. */
export async function told({ blobs }: Pick<Ports, 'blobs'>): Promise<number[]> {
  return [await numberIn('told/owner', blobs), await numberIn('told/clerk', blobs)]
}

/** The run's own log, parsed. */
export async function logOf(runId: string, { blobs }: Pick<Ports, 'blobs'>): Promise<Record<string, unknown>[]> {
  const text = new TextDecoder().decode(await blobs.read(`logs/${runId}.ndjson`))
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => z.record(z.string(), z.unknown()).parse(JSON.parse(line)))
}

async function numberIn(path: string, blobs: Pick<Blobs, 'read'>): Promise<number> {
  return Number(new TextDecoder().decode(await blobs.read(path)) || Number.NaN)
}
