import { z } from 'zod'
import { readBytes, readRange } from '../runs/run-blobs.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { buildDataset } from './build-dataset.ts'
import { catalogueItems } from './catalogue-items.ts'
import { writeDataset } from './dataset-blobs.ts'
import { decodeFeedback, feedbackEvents, feedbackHeaderBytes } from './feedback-columns.ts'
import { type Events, gatherEvents } from './gather-events.ts'
import { feedbackFile } from './interactions-stage.ts'
import type { TrainingOptions } from './options.ts'

const nothingToTrainOn =
  'There is nothing to learn from yet: drop products and orders into landing/ or post interactions with items of the catalogue'

const bytesPerMb = 1024 * 1024
/** The app itself, the catalogue and one part of the feedback. */
const baseMb = 400
/** Where it is most: events gathered and sorted beside the matrices made of them, and what is yet to be collected. */
const bytesPerEvent = 120

/** Columns of feedback -> weighted user-item matrix, baskets and purchases. */
export const matrixStage = (options: Pick<TrainingOptions, 'strength' | 'instance'>): Stage =>
  stage({
    name: 'matrix',
    weight: 10,
    parse: raw => z.object({ parts: z.int() }).parse(raw),
    plan: async context => [{ parts: await countParts(context) }],
    run: async ({ parts }, context) => {
      if (parts === 0) throw new RunFailure(nothingToTrainOn)
      const dataset = buildDataset(await gathered(parts, context, options.instance.memoryMb), options.strength)
      const cells = dataset.userItems.indices.length
      if (cells === 0) throw new RunFailure(nothingToTrainOn)
      await context.progress(0.7)
      await writeDataset(dataset, context)
      const { rows: users, columns: items } = dataset.userItems
      return { users, items, baskets: dataset.baskets.rows, cells, ...dataset.counts }
    },
  })

/** All parts' events; no more than one part's columns are in memory beside them. */
async function gathered(parts: number, context: StageContext, memoryMb: number): Promise<Events> {
  let events = 0
  for (let index = 0; index < parts; index++) {
    const header = await readRange(context, feedbackFile(index), { offset: 0, length: feedbackHeaderBytes })
    events += feedbackEvents(header)
  }
  checkMemory(events, memoryMb)
  const catalogue = new Set((await catalogueItems(context.ports.documents)).keys())
  const gathering = gatherEvents(events, catalogue)
  for (let index = 0; index < parts; index++) {
    gathering.add(decodeFeedback(await readBytes(context, feedbackFile(index))))
    await context.progress((0.5 * (index + 1)) / parts)
  }
  return gathering.events()
}

/** All events are sorted in one chunk: cut by user, copies of an event under two user ids would not meet. */
function checkMemory(events: number, memoryMb: number): void {
  const needed = Math.ceil(baseMb + (bytesPerEvent * events) / bytesPerMb)
  if (needed <= memoryMb) return
  throw new RunFailure(
    `The matrix of ${events} events does not fit into an instance: MEMORY_MB must be at least ${needed}: current value is ${memoryMb}`,
  )
}

async function countParts({ runId, ports }: StageContext): Promise<number> {
  let parts = 0
  for await (const _ of ports.blobs.list(`runs/${runId}/feedback/`)) parts += 1
  return parts
}
