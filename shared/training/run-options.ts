import { z } from 'zod'
import type { RoundBefore, Stage, StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { TuningParameters } from '../schemas/tuning.ts'
import type { TrainingOptions } from './options.ts'

/** The stages of a job, made for each run with the options of that run. */
export function withRunOptions(
  options: TrainingOptions,
  make: (options: TrainingOptions) => readonly Stage[],
): readonly Stage[] {
  let made: { runId: string; stages: Promise<readonly Stage[]> } | undefined
  const stageOf = async (index: number, context: StageContext): Promise<Stage> => {
    // What a stage keeps for its next chunk stays with it, as long as the run is the same.
    if (made?.runId !== context.runId) made = { runId: context.runId, stages: runOptions(context, options).then(make) }
    const mine = made
    try {
      const stage = (await mine.stages)[index]
      if (!stage) throw new RangeError(`Cannot take stage ${index} as a job's stages must be as many for any options`)
      return stage
    } catch (cause) {
      if (made === mine) made = undefined
      throw cause
    }
  }
  return make(options).map(({ name, weight, planNext }, index) => {
    const later = {
      planNext: async (context: StageContext, before: RoundBefore<unknown>) =>
        (await (await stageOf(index, context)).planNext?.(context, before)) ?? [],
    }
    return {
      ...{ name, weight, ...(planNext ? later : {}) },
      plan: async context => (await stageOf(index, context)).plan(context),
      run: async (chunk, context) => (await stageOf(index, context)).run(chunk, context),
    }
  })
}

const Choice = z.object({ tuned: TuningParameters.optional() })

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
