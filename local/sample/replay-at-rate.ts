import { setTimeout as delay } from 'node:timers/promises'
import type { BatchOutcome } from './post-batch.ts'
import type { ReplayLine } from './replay-events.ts'

export type ReplayCounts = { read: number; accepted: number; rejected: number; seconds: number }

export type ReplayOptions = {
  /** Sends a batch; all of it is accepted or rejected when this resolves. */
  send: (events: readonly unknown[]) => Promise<BatchOutcome>
  /** Events a second. */
  rate: number
  onProgress?: (counts: ReplayCounts) => void
  onRejected?: (rejection: { line: number; reason: string }) => void
}

const BATCH_MAX = 200
const BATCHES_PER_SECOND = 10
const IN_FLIGHT_MAX = 8

/**
 * Sends events at a steady rate: event n leaves n / rate seconds after the first, in batches of a tenth of a second. At
 * most eight batches wait for an answer, so that a slow app slows the replay down instead of piling up. In the end read
 * = accepted + rejected.
 * @throws Error as `send` does
 */
export async function replayAtRate(lines: AsyncIterable<ReplayLine>, options: ReplayOptions): Promise<ReplayCounts> {
  const { rate, onProgress, onRejected } = options
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new RangeError(`Cannot replay at ${rate} events a second: it must be above 0`)
  const batchSize = Math.min(BATCH_MAX, Math.max(1, Math.ceil(rate / BATCHES_PER_SECOND)))
  const started = performance.now()
  const counts: ReplayCounts = { read: 0, accepted: 0, rejected: 0, seconds: 0 }
  const inFlight = new Set<Promise<void>>()
  const failures: unknown[] = []

  const reject = (line: number, reason: string) => {
    counts.rejected += 1
    onRejected?.({ line, reason })
  }
  const send = async (batch: { line: number; event: unknown }[]) => {
    const { accepted, rejected } = await options.send(batch.map(({ event }) => event))
    counts.accepted += accepted
    for (const { index, reason } of rejected) reject(batch[index]?.line ?? 0, reason)
    counts.seconds = (performance.now() - started) / 1000
    onProgress?.(counts)
  }
  const launch = async (batch: { line: number; event: unknown }[], dueMs: number) => {
    const waitMs = started + dueMs - performance.now()
    if (waitMs > 0) await delay(waitMs)
    if (inFlight.size >= IN_FLIGHT_MAX) await Promise.race(inFlight)
    const sending = send(batch)
      .catch(error => void failures.push(error))
      .finally(() => inFlight.delete(sending))
    inFlight.add(sending)
  }

  let batch: { line: number; event: unknown }[] = []
  let due = 0
  for await (const line of lines) {
    if (failures.length > 0) break
    counts.read += 1
    if ('fault' in line) reject(line.line, line.fault)
    else if (batch.push(line) === batchSize) {
      await launch(batch, (1000 * due) / rate)
      due += batch.length
      batch = []
    }
  }
  if (batch.length > 0 && failures.length === 0) await launch(batch, (1000 * due) / rate)
  await Promise.all(inFlight)
  if (failures.length > 0) throw failures[0]
  counts.seconds = (performance.now() - started) / 1000
  return counts
}
