import { z } from 'zod'
import { RunFailure, type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { doneTrials } from '../../runs/trials.ts'
import { collections } from '../../schemas/collections.ts'
import { type TrialRecord, TuningParameters } from '../../schemas/tuning.ts'
import { readMoments, readSummary } from '../../training/dataset-blobs.ts'
import type { TrainingOptions } from '../../training/options.ts'
import { noParts, type TrainedParts } from '../trained-parts.ts'
import { alsRounds } from './als-rounds.ts'
import { judgeTrial } from './judge-trial.ts'
import { nextTrials } from './next-trials.ts'
import { searchRounds } from './search-space.ts'
import { tuningParameters } from './tuned-options.ts'
import { readTuningSet } from './tuning-set.ts'
import { type TuningSplit, validationSplit } from './validation-split.ts'

/** All that is tried: what costs little first. */
const rounds = [...searchRounds, ...alsRounds]
const TrialChunk = z.object({ round: z.int(), number: z.int(), parameters: TuningParameters })
type TrialChunk = z.infer<typeof TrialChunk>

/**
 * Dataset -> trials, each a chunk with its page in the ledger; a round of them is planned from all that are done, so that
 * the search stops where nothing is left to gain.
 * Of a part of the users, the regularization that is right is smaller: the sums that it stands beside are those of an
 * item's users, which are fewer by `step`, and of a user's items, which are not; their geometric mean counts.
 */
export function trialsStage(options: TrainingOptions): Stage {
  const ofRun = rememberedSplit(options.seed)
  return stage<TrialChunk>({
    name: 'trials',
    weight: 90,
    parse: raw => TrialChunk.parse(raw),
    plan: context => planRound(0, options, context),
    planNext: (context, { round }) => planRound(round + 1, options, context),
    run: async (chunk, context) => {
      const { runId, ports } = context
      const record = recordOf(chunk, context)
      const { id, ...of } = record
      const before = await ports.documents.read(collections.trials, { id, partition: runId })
      if (before?.document.status === 'completed') return { trials: 1 }
      await ports.documents.upsert(collections.trials, record)
      const { threads } = options.instance
      const { parameters } = chunk
      const { split, parts, step } = await ofRun(context)
      const ofPart = { ...parameters, alsRegularization: parameters.alsRegularization / Math.sqrt(step) }
      const judged = await judgeTrial(split, ofPart, {
        ...{ training: options, threads, parts, nowMs: ports.clock },
      })
      await ports.documents.upsert(collections.trials, {
        ...{ ...of, id, status: 'completed', trial: { ...judged, parameters } },
      })
      const { metrics, seconds } = judged
      context.note({ message: 'trial', round: chunk.round, ...metrics, seconds, ...parameters })
      return { trials: 1 }
    },
  })
}

async function planRound(round: number, options: TrainingOptions, context: StageContext): Promise<TrialChunk[]> {
  const { users, items, cells: interactions } = await readSummary(context)
  const sales = await readMoments(context, 'sales')
  const facts = { users, items, interactions, isTimed: sales.item.length > 0 }
  const { fixed } = options
  const done = await doneTrials(context.runId, context.ports.documents)
  const next = nextTrials({ facts, start: tuningParameters(options), fixed, done, rounds })
  return next.map((parameters, number) => ({ round, number, parameters }))
}

function recordOf({ round, number, parameters }: TrialChunk, { runId, ports }: StageContext): TrialRecord {
  return {
    ...{ id: `trial-${round}-${number}`, type: 'trial', run_id: runId, round, number, status: 'running', parameters },
    started_at: new Date(ports.clock()).toISOString(),
  }
}

interface Remembered {
  runId: string
  split: TuningSplit
  parts: TrainedParts
  /** One of so many users is in the split. */
  step: number
}

/**
 * The split of the run at work and the models trained on it: an instance that takes one trial after the other reads and
 * cuts the dataset once, and trains again only what a trial changes.
 */
function rememberedSplit(seed: number): (context: StageContext) => Promise<Remembered> {
  let held: Remembered | undefined
  return async context => {
    if (held?.runId === context.runId) return held
    held = undefined
    const { set, step } = await readTuningSet(context)
    try {
      held = { runId: context.runId, split: validationSplit(set, { seed }), parts: noParts(), step }
      return held
    } catch (cause) {
      if (cause instanceof RangeError) throw new RunFailure(cause.message, { cause })
      throw cause
    }
  }
}
