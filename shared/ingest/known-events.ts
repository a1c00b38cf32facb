import { counterLimits } from '../schemas/counters.ts'
import type { Sequenced } from './delivered.ts'
import { shortEventIdLength } from './short-event-id.ts'

/** Short ids by minute, end to end: what `LaterCounters.known` holds. */
export type KnownEvents = Readonly<Record<string, string>>

/**
 * The events that were not sent before within the last minutes, and what is known after them. A sender repeats an event
 * when it got no answer: the repeat has a sequence number of its own and would be counted twice.
 */
export function withoutRepeats(
  events: readonly Sequenced[],
  known: KnownEvents,
): { first: Sequenced[]; known: KnownEvents } {
  const minutes = new Map(Object.entries(known).map(([minute, text]) => [Number(minute), idsOf(text)]))
  const seen = new Set([...minutes.values()].flat())
  const first: Sequenced[] = []
  for (const event of events) {
    if (seen.has(event.shortId)) continue
    seen.add(event.shortId)
    first.push(event)
    const minute = Math.floor(event.enqueuedAt / 60_000)
    const ids = minutes.get(minute) ?? []
    ids.push(event.shortId)
    minutes.set(minute, ids)
  }
  const newest = Math.max(...minutes.keys())
  const kept: Record<string, string> = {}
  let room: number = counterLimits.knownIds
  for (const [minute, ids] of [...minutes].sort(([a], [b]) => b - a)) {
    if (minute <= newest - counterLimits.knownMinutes || room <= 0) continue
    const latest = ids.slice(-room)
    room -= latest.length
    kept[minute] = latest.join('')
  }
  return { first, known: kept }
}

function idsOf(text: string): string[] {
  const ids: string[] = []
  for (let start = 0; start < text.length; start += shortEventIdLength) {
    ids.push(text.slice(start, start + shortEventIdLength))
  }
  return ids
}
