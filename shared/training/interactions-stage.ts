import { z } from 'zod'
import { type Stage, stage } from '../runs/stage.ts'
import { encodeFeedback } from './feedback-columns.ts'
import { readFeedback } from './read-feedback.ts'

/** Bronze read by one chunk. */
const bytesPerChunk = 1024 ** 3

const FeedbackChunk = z.object({ index: z.int(), paths: z.array(z.string()) })
type FeedbackChunk = z.infer<typeof FeedbackChunk>

export const feedbackFile = (index: number) => `feedback/${index}.bin`

/** Bronze interactions and orders -> columns of feedback. */
export const interactionsStage: Stage = stage({
  name: 'interactions',
  weight: 10,
  parse: raw => FeedbackChunk.parse(raw),
  plan: async ({ ports }) => {
    const chunks: FeedbackChunk[] = []
    let room = 0
    for (const prefix of ['bronze/orders/', 'bronze/interactions/']) {
      for await (const { path, bytes } of ports.blobs.list(prefix)) {
        let chunk = chunks.at(-1)
        if (!chunk || room < bytes) {
          chunk = { index: chunks.length, paths: [] }
          chunks.push(chunk)
          room = bytesPerChunk
        }
        chunk.paths.push(path)
        room -= bytes
      }
    }
    return chunks
  },
  run: async ({ index, paths }, context) => {
    const { runId, ports } = context
    const feedback = await readFeedback(paths, ports.blobs, context.progress)
    await ports.blobs.write(`runs/${runId}/${feedbackFile(index)}`, encodeFeedback(feedback))
    return { files: paths.length, events: feedback.key.length }
  },
})
