import { z } from 'zod'
import { readJson } from '../runs/run-blobs.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { buildDataset } from './build-dataset.ts'
import { catalogueItems } from './catalogue-items.ts'
import { writeDataset } from './dataset-blobs.ts'
import { feedbackFile } from './interactions-stage.ts'
import type { TrainingOptions } from './options.ts'
import { FeedbackColumns } from './read-feedback.ts'

const nothingToTrainOn =
  'There is nothing to learn from yet: drop products and orders into landing/ or post interactions with items of the catalogue'

/** Columns of feedback -> weighted user-item matrix, baskets and purchases. */
export const matrixStage = (options: Pick<TrainingOptions, 'strength'>): Stage =>
  stage({
    name: 'matrix',
    weight: 10,
    parse: raw => z.object({ parts: z.int() }).parse(raw),
    plan: async context => [{ parts: await countParts(context) }],
    run: async ({ parts }, context) => {
      if (parts === 0) throw new RunFailure(nothingToTrainOn)
      const columns: FeedbackColumns[] = []
      for (let index = 0; index < parts; index++) {
        columns.push(await readJson(context, feedbackFile(index), FeedbackColumns))
      }
      const catalogue = new Set((await catalogueItems(context.ports.documents)).keys())
      const dataset = buildDataset(columns, catalogue, options.strength)
      if (dataset.userItems.indices.length === 0) throw new RunFailure(nothingToTrainOn)
      await writeDataset(dataset, context)
      return {
        users: dataset.userItems.rows,
        items: dataset.userItems.columns,
        baskets: dataset.baskets.rows,
        cells: dataset.userItems.indices.length,
        ...dataset.counts,
      }
    },
  })

async function countParts({ runId, ports }: StageContext): Promise<number> {
  let parts = 0
  for await (const _ of ports.blobs.list(`runs/${runId}/feedback/`)) parts += 1
  return parts
}
