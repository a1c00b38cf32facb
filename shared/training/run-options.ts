import { z } from 'zod'
import type { RoundBefore, Stage, StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { TuningParameters } from '../schemas/tuning.ts'
import type { TrainingOptions } from './options.ts'

const Choice = z.object({ tuned: TuningParameters.optional() })

/** A stage that is made, for each run, with the options of that run. */
export function withRunOptions(options: TrainingOptions, make: (options: TrainingOptions) => Stage): Stage {
  const { name, weight, planNext } = make(options)
  let made: { runId: string; stage: Promise<Stage> } | undefined
  const of = (context: StageContext): Promise<Stage> => {
    // What a stage keeps for its next chunk stays with it, as long as the run is the same.
    if (made?.runId !== context.runId) {
      made = { runId: context.runId, stage: runOptions(context, options).then(make) }
      made.stage.catch(() => {
        made = undefined
      })
    }
    return made.stage
  }
  const later: Pick<Stage, 'planNext'> =
    planNext === undefined
      ? {}
      : {
          planNext: async (context: StageContext, before: RoundBefore<unknown>) =>
            (await (await of(context)).planNext?.(context, before)) ?? [],
        }
  return {
    ...{ name, weight, ...later },
    plan: async context => (await of(context)).plan(context),
    run: async (chunk, context) => (await of(context)).run(chunk, context),
  }
}

/**
 * The options a run is trained with, all its stages alike: those given, with the parameters that a tune job kept. What is
 * tuned while a run is at work counts for the next one.
 */
async function runOptions(
  { runId, ports }: Pick<StageContext, 'runId' | 'ports'>,
  options: TrainingOptions,
): Promise<TrainingOptions> {
  if (!options.withTuned) return options
  const path = `runs/${runId}/options.json`
  let bytes = await ports.blobs.read(path)
  if (!bytes) {
    const kept = await ports.documents.read(collections.tunedTraining, { id: 'training', partition: 'training' })
    await ports.blobs.create(path, Buffer.from(JSON.stringify({ tuned: kept?.document.parameters })))
    bytes = await ports.blobs.read(path)
  }
  const { tuned } = Choice.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return tuned ? options.withTuned(options, tuned) : options
}
