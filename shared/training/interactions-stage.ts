import { z } from 'zod'
import { scan } from '../lake/delta/scan.ts'
import { readSnapshot } from '../lake/delta/snapshot.ts'
import { trainingInteractions } from '../lake/tables/gold-tables.ts'
import type { Blobs, Ports } from '../ports.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { feedbackChunks } from './feedback-chunks.ts'
import { encodeFeedback, feedbackEvents, feedbackHeaderBytes } from './feedback-columns.ts'
import { readFeedback } from './read-feedback.ts'
import { pinTrainingTable } from './training-table.ts'

/** Rows of the training table read by one chunk: 37 bytes each, and as much again while they become one blob. */
const rowsPerChunk = 2_000_000

const FeedbackChunk = z.object({
  /** Of the table, as the run pinned it. */
  version: z.int(),
  paths: z.array(z.string()),
  /** What the chunk leaves, within the run. */
  file: z.string(),
  /** Where an earlier run left the same. */
  earlier: z.string().optional(),
})
type FeedbackChunk = z.infer<typeof FeedbackChunk>

/** Names begin with the place in the order of months and end with what was read, so that a later run knows them again. */
const feedbackFile = (index: number, source: string) => `feedback/${index.toString().padStart(6, '0')}-${source}.bin`
const feedbackName = /\/feedback\/\d{6}-([^/]+)\.bin$/

/**
 * `gold/training_interactions`, at the version that the run pins -> columns of feedback. What an earlier run made of the
 * same files is taken over: a refresh reads what is new.
 */
export const interactionsStage: Stage = stage({
  name: 'interactions',
  weight: 10,
  parse: raw => FeedbackChunk.parse(raw),
  plan: async context => {
    const { blobs, sha256 } = context.ports
    const snapshot = await pinTrainingTable(context)
    if (!snapshot) return []
    const earlier = await earlierFeedback(blobs)
    return feedbackChunks(snapshot, { rowsMax: rowsPerChunk, sha256 }).map(
      ({ paths, source }, index): FeedbackChunk => ({
        version: snapshot.version,
        paths,
        file: feedbackFile(index, source),
        earlier: earlier.get(source),
      }),
    )
  },
  run: async (chunk, { runId, ports }) => {
    const { paths, file, earlier } = chunk
    // It may have gone with its run since the plan was made.
    const known = earlier === undefined ? undefined : await ports.blobs.read(earlier)
    const bytes = known ?? (await readChunk(chunk, ports))
    await ports.blobs.write(`runs/${runId}/${file}`, bytes)
    const events = feedbackEvents(bytes.subarray(0, feedbackHeaderBytes))
    return { files: paths.length, files_read: known ? 0 : paths.length, events }
  },
})

async function readChunk({ version, paths }: FeedbackChunk, ports: Ports): Promise<Uint8Array> {
  const { path: table } = trainingInteractions
  const snapshot = await readSnapshot(table, ports, { version })
  if (!snapshot) throw new Error(`Cannot read version ${version} of ${table}: it was planned from and is gone`)
  const chosen = new Set(paths)
  const query = await scan(snapshot, ports, ({ path }) => chosen.has(path))
  await using session = await ports.sql.open()
  return encodeFeedback(await readFeedback(query, session))
}

/** What runs left of the training table, by what it was. */
async function earlierFeedback(blobs: Pick<Blobs, 'list'>): Promise<Map<string, string>> {
  const paths = new Map<string, string>()
  for await (const { path } of blobs.list('runs/')) {
    const source = feedbackName.exec(path)?.[1]
    if (source !== undefined) paths.set(source, path)
  }
  return paths
}
