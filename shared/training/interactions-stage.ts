import { z } from 'zod'
import type { Blobs } from '../ports.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { bronzeChunks } from './bronze-chunks.ts'
import { encodeFeedback, feedbackEvents, feedbackHeaderBytes } from './feedback-columns.ts'
import { readFeedback } from './read-feedback.ts'

/** Bronze read by one chunk. */
const bytesPerChunk = 1024 ** 3

const FeedbackChunk = z.object({
  paths: z.array(z.string()),
  /** What the chunk leaves, within the run. */
  file: z.string(),
  /** Where an earlier run left the same. */
  earlier: z.string().optional(),
})
type FeedbackChunk = z.infer<typeof FeedbackChunk>

/** Names begin with the place in the order of bronze and end with what was read, so that a later run knows them again. */
const feedbackFile = (index: number, source: string) => `feedback/${index.toString().padStart(6, '0')}-${source}.bin`
const feedbackName = /\/feedback\/\d{6}-([^/]+)\.bin$/

/**
 * Bronze interactions and orders -> columns of feedback. What an earlier run made of the same files is taken over: a
 * refresh reads what is new.
 */
export const interactionsStage: Stage = stage({
  name: 'interactions',
  weight: 10,
  parse: raw => FeedbackChunk.parse(raw),
  plan: async ({ ports: { blobs, sha256 } }) => {
    const earlier = await earlierFeedback(blobs)
    const of = { bytesMax: bytesPerChunk, sha256 }
    const chunks = [
      ...(await bronzeChunks(blobs.list('bronze/orders/'), of)),
      ...(await bronzeChunks(blobs.list('bronze/_segments/interactions/'), of)),
    ]
    return chunks.map(
      ({ paths, source }, index): FeedbackChunk => ({
        paths,
        file: feedbackFile(index, source),
        earlier: earlier.get(source),
      }),
    )
  },
  run: async ({ paths, file, earlier }, context) => {
    const { runId, ports } = context
    // It may have gone with its run since the plan was made.
    const known = earlier === undefined ? undefined : await ports.blobs.read(earlier)
    const bytes = known ?? encodeFeedback(await readFeedback(paths, ports.blobs, context.progress))
    await ports.blobs.write(`runs/${runId}/${file}`, bytes)
    const events = feedbackEvents(bytes.subarray(0, feedbackHeaderBytes))
    return { files: paths.length, files_read: known ? 0 : paths.length, events }
  },
})

/** What runs left of bronze, by what it was. */
async function earlierFeedback(blobs: Pick<Blobs, 'list'>): Promise<Map<string, string>> {
  const paths = new Map<string, string>()
  for await (const { path } of blobs.list('runs/')) {
    const source = feedbackName.exec(path)?.[1]
    if (source !== undefined) paths.set(source, path)
  }
  return paths
}
