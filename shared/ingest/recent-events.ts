import type { RecentEvent } from '../schemas/profile.ts'

/** Puts an event in its place by time, behind those of the same second. Events arrive nearly in order. */
export function insertByTime(recent: RecentEvent[], event: RecentEvent): void {
  let place = recent.length
  while (place > 0 && (recent[place - 1]?.[2] ?? 0) > event[2]) place -= 1
  recent.splice(place, 0, event)
}
