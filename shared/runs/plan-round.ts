import { z } from 'zod'
import type { Ports } from '../ports.ts'
import type { Run } from '../schemas/run.ts'
import { completions, planPath, type RoundOf } from './ledger.ts'
import { appendRunLog } from './run-log.ts'
import type { Stage, StageContext } from './stage.ts'

const RoundPlan = z.object({
  chunks: z.array(z.unknown()),
  /** Share of the stage that is done once the round is, when the plan told it. */
  share: z.number().min(0).max(1).optional(),
})
export type RoundPlan = z.infer<typeof RoundPlan>

/** The round's plan: made once, whoever asks first. */
export async function planRound(
  round: RoundOf,
  { stage, run, ports }: { stage: Stage; run: Run; ports: Ports },
): Promise<RoundPlan> {
  const known = await readPlan(round, ports)
  if (known) return known
  let share: number | undefined
  const notes: Record<string, unknown>[] = []
  const context: StageContext = {
    runId: run.run_id,
    token: run.token,
    createdAt: run.created_at,
    refit: run.refit,
    scope: run.scope,
    ports,
    progress: async fraction => {
      share = fraction
    },
    note: record => notes.push({ level: 'info', stage: stage.name, round: round.round, ...record }),
  }
  const chunks = await plannedChunks(round, stage, context)
  const plan: RoundPlan = { chunks, share }
  const isFirst = await ports.blobs.create(planPath(round), Buffer.from(JSON.stringify(plan)))
  if (isFirst) await appendRunLog(run.run_id, notes, ports)
  const kept = isFirst ? plan : await readPlan(round, ports)
  if (!kept) throw new Error(`Cannot plan as ${planPath(round)} is there and cannot be read`)
  return kept
}

/** The round's plan, undefined until it was made. */
export async function readPlan(round: RoundOf, { blobs }: Pick<Ports, 'blobs'>): Promise<RoundPlan | undefined> {
  const bytes = await blobs.read(planPath(round))
  return bytes && RoundPlan.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

async function plannedChunks(of: RoundOf, stage: Stage, context: StageContext): Promise<unknown[]> {
  if (of.round === 0) return stage.plan(context)
  const before = { ...of, round: of.round - 1 }
  const chunks = (await readPlan(before, context.ports))?.chunks ?? []
  const done = await completions(before, context.ports.documents)
  const metrics = done.sort((a, b) => a.chunk - b.chunk).map(each => each.metrics)
  return (await stage.planNext?.(context, { round: before.round, chunks, metrics })) ?? []
}
