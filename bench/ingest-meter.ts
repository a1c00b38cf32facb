import { z } from 'zod'
import type { HostEvent } from '../local/host/workers/messages.ts'

const IngestLine = z.object({
  stage: z.literal('ingest'),
  read: z.number(),
  stored: z.number(),
  rejected: z.number(),
  users: z.number(),
  requestUnits: z.number(),
  durationMs: z.number(),
})

/** One batch that the app has said to have taken in, and when it said so. */
export interface TakenIn extends z.infer<typeof IngestLine> {
  atMs: number
}

/** Collects what the functions' ingest log lines say. */
export function ingestMeter(): { batches: TakenIn[]; onEvent: (event: HostEvent) => void } {
  const batches: TakenIn[] = []
  return {
    batches,
    onEvent: event => {
      if (event.type !== 'log' || !event.message.includes('"stage":"ingest"')) return
      batches.push({ ...IngestLine.parse(JSON.parse(event.message)), atMs: performance.now() })
    },
  }
}

/** A number of events and the moment it was reached or passed on. */
export interface Counted {
  atMs: number
  events: number
}

/**
 * For each later count, how long after the same number of events was reached in the earlier one: the lag of the last
 * event of each batch if events leave in the order they came.
 */
export function lags(earlier: readonly Counted[], later: readonly Counted[]): number[] {
  const found: number[] = []
  let came = 0
  let place = -1
  let left = 0
  for (const { atMs, events } of later) {
    left += events
    while (came < left && place < earlier.length - 1) {
      place += 1
      came += earlier[place]!.events
    }
    found.push(Math.max(0, atMs - (earlier[place]?.atMs ?? atMs)))
  }
  return found
}

/** Events in each of the whole seconds after `from`. */
export function perSecond(counts: readonly Counted[], { from, seconds }: { from: number; seconds: number }): number[] {
  const sums = new Array<number>(seconds).fill(0)
  for (const { atMs, events } of counts) {
    const second = Math.floor((atMs - from) / 1000)
    if (second >= 0 && second < seconds) sums[second]! += events
  }
  return sums
}
