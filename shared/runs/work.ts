import { z } from 'zod'
import type { Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type Metrics, type Run, type RunMessage, runQueue } from '../schemas/run.ts'
import { completeRun, failRun } from './end-run.ts'
import { completions, findRun, leaseKey, planMessage, planPath } from './ledger.ts'
import { runChunk } from './run-chunk.ts'
import type { Jobs, Stage, StageContext } from './stage.ts'

export interface Engine {
  jobs: Jobs
  ports: Ports
  /** How long one invocation goes on with the next stage itself before it leaves that to the queue. */
  continueInlineMs?: number
}

/**
 * Does what a message of the queue `run-chunks` asks for: plans a stage or runs a chunk, and moves the run on when the
 * chunk was the stage's last. A stage of one chunk, and the stage after it, run in the same invocation, so that a small
 * shop does not pay for coordination. Messages of stages that have passed do nothing.
 * @throws whatever a chunk throws, so that the queue tries it again
 */
export async function work(message: RunMessage, engine: Engine): Promise<void> {
  const { clock, queue } = engine.ports
  const until = clock() + (engine.continueInlineMs ?? 60_000)
  let next: RunMessage | undefined = message
  while (next) {
    next = await step(next, engine)
    if (next && clock() >= until) {
      await queue.send(runQueue, next)
      return
    }
  }
}

async function step(message: RunMessage, engine: Engine): Promise<RunMessage | undefined> {
  const { jobs, ports } = engine
  const stored = await findRun(message.run_id, ports.documents)
  if (stored?.document.status !== 'running') return undefined
  const run = stored.document
  if (run.stages[run.stage]?.name !== message.stage) return undefined
  const stage = jobs[run.kind].stages.find(({ name }) => name === message.stage)
  if (!stage) {
    await failRun(run.run_id, `The job ${run.kind} has no stage ${message.stage} any more: start a new run`, ports)
    return undefined
  }
  if (message.chunk === 'plan') return planAndDispatch(stored, stage, ports)
  const chunks = await readPlan(run.run_id, stage.name, ports)
  if (!chunks || message.chunk >= chunks.length) return planMessage(run.run_id, stage.name)
  const place = { run_id: run.run_id, stage: stage.name, chunk: message.chunk }
  const done = await runChunk(place, { stage, input: chunks[message.chunk], run, ports })
  return done ? passBarrier(run.run_id, stage.name, ports) : undefined
}

async function planAndDispatch(stored: Versioned<Run>, stage: Stage, ports: Ports): Promise<RunMessage | undefined> {
  const run = stored.document
  let chunks = await readPlan(run.run_id, stage.name, ports)
  if (!chunks) {
    const planned = await stage.plan(planContext(run, ports))
    await ports.blobs.create(planPath(run.run_id, stage.name), Buffer.from(JSON.stringify(planned)))
    chunks = await readPlan(run.run_id, stage.name, ports)
  }
  const count = chunks?.length ?? 0
  const now = new Date(ports.clock()).toISOString()
  if (run.stages[run.stage]?.chunks === undefined) {
    const stages = run.stages.with(run.stage, { name: stage.name, chunks: count, started_at: now })
    // Losing this race is fine: the winner read the same plan.
    await ports.documents.replace(collections.runs, { ...run, stages, moved_at: now }, stored.etag)
  }
  if (count === 0) return passBarrier(run.run_id, stage.name, ports)
  const messages = Array.from({ length: count }, (_, chunk) => ({ run_id: run.run_id, stage: stage.name, chunk }))
  const [own, ...others] = messages
  await Promise.all(others.map(message => ports.queue.send(runQueue, message)))
  return own
}

/** Moves the run to its next stage once every chunk of this one is complete; a lost race means somebody else did. */
async function passBarrier(runId: string, stageName: string, ports: Ports): Promise<RunMessage | undefined> {
  const stored = await findRun(runId, ports.documents)
  if (stored?.document.status !== 'running') return undefined
  const run = stored.document
  const state = run.stages[run.stage]
  if (state?.name !== stageName || state.chunks === undefined) return undefined
  const done = await completions(runId, stageName, ports.documents)
  if (done.length < state.chunks) return undefined
  const lease = await ports.documents.read(collections.leases, leaseKey(run.kind))
  if (lease && lease.document.token > run.token) {
    await failRun(runId, `Superseded by the later run ${lease.document.holder ?? '(ended)'}`, ports)
    return undefined
  }

  const now = new Date(ports.clock()).toISOString()
  const finished = { ...state, completed_at: now, metrics: summed(done.map(({ metrics }) => metrics)) }
  const stages = run.stages.with(run.stage, finished)
  const next = stages[run.stage + 1]
  if (!next) {
    await completeRun({ document: { ...run, stages }, etag: stored.etag }, ports)
    return undefined
  }
  const moved: Run = { ...run, stages, stage: run.stage + 1, moved_at: now }
  if (!(await ports.documents.replace(collections.runs, moved, stored.etag))) return undefined
  return planMessage(runId, next.name)
}

const Plan = z.array(z.unknown())

async function readPlan(runId: string, stage: string, { blobs }: Ports): Promise<unknown[] | undefined> {
  const bytes = await blobs.read(planPath(runId, stage))
  return bytes && Plan.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

function planContext(run: Run, ports: Ports): StageContext {
  return {
    runId: run.run_id,
    token: run.token,
    createdAt: run.created_at,
    ports,
    progress: async () => undefined,
    note: record => ports.log.info({ stage: 'plan', run: run.run_id, ...record }),
  }
}

function summed(all: readonly Metrics[]): Metrics {
  const total: Metrics = {}
  for (const metrics of all)
    for (const [name, value] of Object.entries(metrics)) total[name] = (total[name] ?? 0) + value
  return total
}
