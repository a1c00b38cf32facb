import type { Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type Metrics, type Run, type RunMessage, runQueue, type StageState } from '../schemas/run.ts'
import { completeRun, failRun } from './end-run.ts'
import { completions, findRun, leaseKey, planMessage, type RoundOf } from './ledger.ts'
import { planRound, type RoundPlan, readPlan } from './plan-round.ts'
import { runChunk } from './run-chunk.ts'
import { type Jobs, RunFailure, type Stage } from './stage.ts'

export interface Engine {
  jobs: Jobs
  ports: Ports
  /** How long one invocation goes on with the next stage itself before it leaves that to the queue. */
  continueInlineMs?: number
}

/**
 * Does what a message of the queue `run-chunks` asks for: plans a round or runs a chunk, and moves the run on when the
 * chunk was the round's last. A round of one chunk, and what comes after it, run in the same invocation, so that a small
 * shop does not pay for coordination. Messages of stages and rounds that have passed do nothing.
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
  const { ports } = engine
  const stored = await findRun(message.run_id, ports.documents)
  if (stored?.document.status !== 'running') return undefined
  const { kind, traceparent: parent } = stored.document
  const name = `${kind} ${message.stage}`
  return ports.telemetry.span(name, { parent }, () => stepOf(stored, message, engine))
}

/** In the trace of whoever started the run. */
async function stepOf(
  stored: Versioned<Run>,
  message: RunMessage,
  { jobs, ports }: Engine,
): Promise<RunMessage | undefined> {
  const run = stored.document
  const { run_id, stage: name, round: number, chunk } = message
  const state = run.stages[run.stage]
  if (state?.name !== name || state.round !== number) return undefined
  const stage = jobs[run.kind]?.stages.find(each => each.name === name)
  if (!stage) {
    await failRun(run_id, `The job ${run.kind} has no stage ${name} any more: start a new run`, ports)
    return undefined
  }
  const round = { run_id, stage: name, round: number }
  if (chunk === 'plan') return planAndDispatch(round, { stored, stage, ports })
  const chunks = (await readPlan(round, ports))?.chunks
  if (!chunks || chunk >= chunks.length) return planMessage(round)
  const done = await runChunk({ ...round, chunk }, { stage, input: chunks[chunk], run, ports })
  return done ? passBarrier(round, { stage, ports }) : undefined
}

async function planAndDispatch(
  round: RoundOf,
  { stored, stage, ports }: { stored: Versioned<Run>; stage: Stage; ports: Ports },
): Promise<RunMessage | undefined> {
  const run = stored.document
  const plan = await plannedOrFailed(round, { stage, run, ports })
  if (!plan) return undefined
  const count = plan.chunks.length
  const now = new Date(ports.clock()).toISOString()
  const state = run.stages[run.stage]
  if (state && state.chunks === undefined) {
    const planned: StageState = { started_at: now, ...state, chunks: count }
    if (plan.share !== undefined) planned.share = plan.share
    const stages = run.stages.with(run.stage, planned)
    // Losing this race is fine: the winner read the same plan.
    await ports.documents.replace(collections.runs, { ...run, stages, moved_at: now }, stored.etag)
  }
  if (count === 0) return passBarrier(round, { stage, ports })
  const [own, ...others] = plan.chunks.map((_, chunk) => ({ ...round, chunk }))
  await Promise.all(others.map(message => ports.queue.send(runQueue, message)))
  return own
}

/** The plan, or undefined when it failed the run: planning again would not help. */
async function plannedOrFailed(
  round: RoundOf,
  of: { stage: Stage; run: Run; ports: Ports },
): Promise<RoundPlan | undefined> {
  try {
    return await planRound(round, of)
  } catch (cause) {
    if (!(cause instanceof RunFailure)) throw cause
    await failRun(round.run_id, of.ports.redact(cause.message), of.ports)
    return undefined
  }
}

/**
 * Moves the run to the stage's next round, or to its next stage, once every chunk of this round is complete; a lost race
 * means somebody else did.
 */
async function passBarrier(
  round: RoundOf,
  { stage, ports }: { stage: Stage; ports: Ports },
): Promise<RunMessage | undefined> {
  const stored = await findRun(round.run_id, ports.documents)
  if (stored?.document.status !== 'running') return undefined
  const run = stored.document
  const state = run.stages[run.stage]
  if (state?.name !== round.stage || state.round !== round.round || state.chunks === undefined) return undefined
  const done = await completions(round, ports.documents)
  if (done.length < state.chunks) return undefined
  const lease = await ports.documents.read(collections.leases, leaseKey(run.kind))
  if (lease && lease.document.token > run.token) {
    await failRun(round.run_id, `Superseded by the later run ${lease.document.holder ?? '(ended)'}`, ports)
    return undefined
  }

  const now = new Date(ports.clock()).toISOString()
  const { before, share = 1, ...rest } = state
  const chunks = (before?.chunks ?? 0) + state.chunks
  const metrics = summed([state.metrics ?? {}, ...done.map(each => each.metrics)])
  if (stage.planNext && state.chunks > 0 && state.share !== 1) {
    const { chunks: _, ...again } = { ...rest, metrics, round: state.round + 1, before: { chunks, share } }
    const moved: Run = { ...run, stages: run.stages.with(run.stage, again), moved_at: now }
    if (!(await ports.documents.replace(collections.runs, moved, stored.etag))) return undefined
    return planMessage({ ...round, round: again.round })
  }
  const stages = run.stages.with(run.stage, { ...rest, chunks, completed_at: now, metrics })
  const next = stages[run.stage + 1]
  if (!next) {
    await completeRun({ document: { ...run, stages }, etag: stored.etag }, ports)
    return undefined
  }
  const moved: Run = { ...run, stages, stage: run.stage + 1, moved_at: now }
  if (!(await ports.documents.replace(collections.runs, moved, stored.etag))) return undefined
  return planMessage({ run_id: run.run_id, stage: next.name, round: next.round })
}

function summed(all: readonly Metrics[]): Metrics {
  const total: Metrics = {}
  for (const metrics of all)
    for (const [name, value] of Object.entries(metrics)) total[name] = (total[name] ?? 0) + value
  return total
}
