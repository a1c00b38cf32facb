import { z } from 'zod'
import type { Ports } from '../ports.ts'
import type { Run } from '../schemas/run.ts'
import { completions, planPath, type RoundOf } from './ledger.ts'
import type { Stage, StageContext } from './stage.ts'

const RoundPlan = z.object({
  chunks: z.array(z.unknown()),
  /** Share of the stage that is done once the round is. */
  share: z.number().min(0).max(1),
})
export type RoundPlan = z.infer<typeof RoundPlan>

/** The round's plan: made once, whoever asks first. */
export async function planRound(
  round: RoundOf,
  { stage, run, ports }: { stage: Stage; run: Run; ports: Ports },
): Promise<RoundPlan> {
  const known = await readPlan(round, ports)
  if (known) return known
  let share = 1
  const progress = async (fraction: number) => {
    share = fraction
  }
  const chunks = await plannedChunks(round, stage, { context: planContext(run, ports, progress), ports })
  const plan: RoundPlan = { chunks, share }
  const isFirst = await ports.blobs.create(planPath(round), Buffer.from(JSON.stringify(plan)))
  const kept = isFirst ? plan : await readPlan(round, ports)
  if (!kept) throw new Error(`Cannot plan as ${planPath(round)} is there and cannot be read`)
  return kept
}

/** The round's plan, undefined until it was made. */
export async function readPlan(round: RoundOf, { blobs }: Pick<Ports, 'blobs'>): Promise<RoundPlan | undefined> {
  const bytes = await blobs.read(planPath(round))
  return bytes && RoundPlan.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

async function plannedChunks(
  of: RoundOf,
  stage: Stage,
  { context, ports }: { context: StageContext; ports: Ports },
): Promise<unknown[]> {
  if (of.round === 0) return stage.plan(context)
  const before = { ...of, round: of.round - 1 }
  const done = await completions(before, ports.documents)
  const metrics = done.sort((a, b) => a.chunk - b.chunk).map(each => each.metrics)
  return (await stage.planNext?.(context, { round: before.round, metrics })) ?? []
}

function planContext(run: Run, ports: Ports, progress: StageContext['progress']): StageContext {
  return {
    runId: run.run_id,
    token: run.token,
    createdAt: run.created_at,
    ports,
    progress,
    note: record => ports.log.info({ stage: 'plan', run: run.run_id, ...record }),
  }
}
