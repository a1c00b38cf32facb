import { type Profile, profileLimits, type RecentEvent, type Shown } from '../schemas/profile.ts'

/** Whether the user did nothing with the item from that second on: else it was shown in vain no more. */
export const isNews = (second: number, itemId: string, recent: readonly RecentEvent[]): boolean =>
  !recent.some(([item, , at]) => item === itemId && at >= second)

/** One more time; an item is shown once a second, so that an impression sent twice counts once. */
export function shownAgain(before: Shown | undefined, second: number): Shown {
  if (!before) return [1, second]
  const [times, last] = before
  return second === last ? before : [times + 1, Math.max(last, second)]
}

/** What of it a profile keeps: the items shown last, of the last 30 days. */
export function keptShown(shown: ReadonlyMap<string, Shown>): Pick<Profile, 'shown'> {
  if (shown.size === 0) return {}
  const byTime = [...shown].sort(([, [, a]], [, [, b]]) => b - a)
  const newest = byTime[0]?.[1][1] ?? 0
  const kept = byTime
    .filter(([, [, last]]) => last > newest - profileLimits.shownDays * 24 * 3600)
    .slice(0, profileLimits.shownItems)
  return { shown: Object.fromEntries(kept) }
}
