import { z } from 'zod'
import { readJson, writeJson } from '../../runs/run-blobs.ts'
import type { StageContext } from '../../runs/stage.ts'
import { ContentBlob } from '../../schemas/model.ts'
import { scopes } from './decide-refit.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** The generation that was live when the run began: what an increment adds to, and a fit is compared with. */
export const Base = z.object({
  run_id: z.string(),
  model_version: z.string(),
  generation: z.int().positive(),
  manifest: ContentBlob,
  /** When the lists of all users were last made. */
  all_lists_at: z.iso.datetime(),
})
export type Base = z.infer<typeof Base>

/** What a refresh is going to make, decided once a run. */
export const RefreshPlan = z.discriminatedUnion('type', [
  z.object({ type: z.literal('refit'), reason: z.string(), base: Base.optional() }),
  z.object({ type: z.literal('increment'), scope: z.enum(scopes), base: Base }),
])
export type RefreshPlan = z.infer<typeof RefreshPlan>

const file = 'increment/plan.json'

export const writeRefreshPlan = (run: Run, plan: RefreshPlan): Promise<void> => writeJson(run, file, plan)

/** @throws Error when the stage decide did not leave it */
export const readRefreshPlan = (run: Run): Promise<RefreshPlan> => readJson(run, file, RefreshPlan)
