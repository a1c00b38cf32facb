import { als, encodeFactors } from '../algorithms/als.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { readMatrix } from './dataset-blobs.ts'
import type { TrainingOptions } from './options.ts'

/** Where a run keeps its factors: with the models, as they outlive the run. */
export const factorsPath = (runId: string) => `models/${runId}/factors.bin`

/** User-item matrix -> ALS factors. */
export const factorsStage = (options: Pick<TrainingOptions, 'als' | 'seed'>): Stage =>
  stage({
    name: 'factors',
    weight: 40,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const userItems = await readMatrix(context, 'user-items')
      const factors = await als(userItems, { ...options.als, seed: options.seed })
      await context.ports.blobs.write(factorsPath(context.runId), encodeFactors(factors))
      return { factors: factors.factors, iterations: options.als.iterations }
    },
  })

/** The run's encoded factors. @throws Error when the stage did not leave them */
export async function readFactors({ runId, ports }: StageContext): Promise<Uint8Array> {
  const bytes = await ports.blobs.read(factorsPath(runId))
  if (!bytes) throw new Error(`Cannot read ${factorsPath(runId)}: the stage factors did not write it`)
  return bytes
}
