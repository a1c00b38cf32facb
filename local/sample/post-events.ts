import type { Api } from '../api-client.ts'
import { type BatchOutcome, postBatch } from './post-batch.ts'

export type PostProgress = { sent: number; total: number; accepted: number; rejected: number }

/**
 * Posts events in batches, several at a time, and adds up what became of them; `index` in `rejected` is the event's
 * place in `events`. Batches overtake each other, so that order holds within a batch only.
 * @throws Error as `postBatch` does; batches already on their way are awaited first
 */
export async function postEvents(
  api: Api,
  events: readonly unknown[],
  {
    batchSize = 200,
    concurrency = 4,
    onProgress,
  }: { batchSize?: number; concurrency?: number; onProgress?: (progress: PostProgress) => void } = {},
): Promise<BatchOutcome> {
  const outcome: BatchOutcome = { accepted: 0, rejected: [] }
  let next = 0
  let failed = false
  let sent = 0
  const lane = async () => {
    while (next < events.length && !failed) {
      const start = next
      next += batchSize
      const batch = events.slice(start, start + batchSize)
      const { accepted, rejected } = await postBatch(api, batch).catch((error: unknown) => {
        failed = true
        throw error
      })
      sent += batch.length
      outcome.accepted += accepted
      outcome.rejected.push(...rejected.map(({ index, reason }) => ({ index: start + index, reason })))
      onProgress?.({ sent, total: events.length, accepted: outcome.accepted, rejected: outcome.rejected.length })
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: concurrency }, lane))
  const failure = lanes.find(result => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  outcome.rejected.sort((a, b) => a.index - b.index)
  return outcome
}
