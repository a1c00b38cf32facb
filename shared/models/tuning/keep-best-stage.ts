import { type Stage, stage } from '../../runs/stage.ts'
import { doneTrials } from '../../runs/trials.ts'
import { collections } from '../../schemas/collections.ts'
import { bestTrial } from './next-trials.ts'

/** Trials -> the best one's parameters, which refreshes are trained with from now on. */
export const keepBestStage: Stage = stage({
  name: 'keep-best',
  weight: 1,
  parse: () => ({}),
  plan: async () => [{}],
  run: async (_, context) => {
    const { runId, ports } = context
    const trials = await doneTrials(runId, ports.documents)
    const { parameters, metrics } = bestTrial(trials)
    await ports.documents.upsert(collections.tunedTraining, {
      ...{ id: 'training', run_id: runId, tuned_at: new Date(ports.clock()).toISOString() },
      ...{ trials: trials.length, parameters, metrics },
    })
    const first = trials[0]?.metrics['ndcg@20'] ?? 0
    context.note({ message: 'kept', ...metrics, in_force_before: { 'ndcg@20': first }, ...parameters })
    return { trials: trials.length }
  },
})
