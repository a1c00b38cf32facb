import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import type { Metrics } from '../../schemas/run.ts'
import { readSummary } from '../dataset-blobs.ts'
import { readManifest } from '../model.ts'
import type { TrainingOptions } from '../options.ts'
import { addToModel } from './add-to-model.ts'
import { eventsOf } from './decide-stage.ts'
import { keep, keepManifest, keepOfDataset } from './keep-model.ts'
import { readRefreshPlan } from './refresh-plan.ts'
import { encodeUserFlags } from './user-flags.ts'

/**
 * A fit -> the same model with what later increments need to know of it. No fit -> the live model with what changed
 * since: vectors of users with new events, of new users and of new items.
 */
export const foldInStage = (options: Pick<TrainingOptions, 'als'>): Stage =>
  stage({
    name: 'fold-in',
    weight: 5,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const plan = await readRefreshPlan(context)
      return plan.type === 'refit' ? completeFit(context) : addToModel(plan, options, context)
    },
  })

async function completeFit(context: StageContext): Promise<Metrics> {
  const manifest = await readManifest(context.runId, context.ports.blobs)
  const summary = await readSummary(context)
  const { users, cells } = summary
  await keepManifest(
    {
      ...manifest,
      fit: {
        ...{ at: context.createdAt, users, cells, events: eventsOf(summary) },
        ...{ names: manifest.names.items, itemFactors: manifest.itemFactors },
      },
      userDigests: await keepOfDataset('users.digests', context),
      foldedUsers: await keep(encodeUserFlags(new Uint8Array(users)), context),
    },
    context,
  )
  return { users_folded: 0, items_folded: 0 }
}
