import { z } from 'zod'
import { readBytes, readRange } from '../runs/run-blobs.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { buildDataset } from './build-dataset.ts'
import { catalogueItems } from './catalogue-items.ts'
import { writeDataset } from './dataset-blobs.ts'
import { decodeFeedback, feedbackEvents, feedbackHeaderBytes } from './feedback-columns.ts'
import { type Events, gatherEvents } from './gather-events.ts'
import type { TrainingOptions } from './options.ts'

const nothingToTrainOn =
  'There is nothing to learn from yet: drop products and orders into landing/ or post interactions with items of the catalogue'

const bytesPerMb = 1024 * 1024
/** The app itself, the catalogue and one part of the feedback. */
const baseMb = 400
/** Where it is most: events gathered and sorted beside the matrices made of them, and what is yet to be collected. */
const bytesPerEvent = 128

/** Columns of feedback -> weighted user-item matrix, baskets and purchases. */
export const matrixStage = (options: Pick<TrainingOptions, 'strength' | 'instance'>): Stage =>
  stage({
    name: 'matrix',
    weight: 10,
    parse: raw => z.object({ parts: z.array(z.string()) }).parse(raw),
    plan: async context => [{ parts: await feedbackParts(context) }],
    run: async ({ parts }, context) => {
      if (parts.length === 0) throw new RunFailure(nothingToTrainOn)
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
async function gathered(parts: readonly string[], context: StageContext, memoryMb: number): Promise<Events> {
  let events = 0
  for (const part of parts) {
    const header = await readRange(context, part, { offset: 0, length: feedbackHeaderBytes })
    events += feedbackEvents(header)
  }
  checkMemory(events, memoryMb)
  const catalogue = new Set((await catalogueItems(context.ports.documents)).keys())
  const gathering = gatherEvents(events, catalogue)
  for (const [index, part] of parts.entries()) {
    gathering.add(decodeFeedback(await readBytes(context, part)))
    await context.progress((0.5 * (index + 1)) / parts.length)
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

/** The files that the stage before left, in the order of months. */
async function feedbackParts({ runId, ports }: StageContext): Promise<string[]> {
  const prefix = `runs/${runId}/`
  const parts: string[] = []
  for await (const { path } of ports.blobs.list(`${prefix}feedback/`)) parts.push(path.slice(prefix.length))
  return parts
}
