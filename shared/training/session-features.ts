import { eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'

/** A pause of more than this ends a session. */
const sessionGapSeconds = 30 * 60
const lastViewedMax = 5

const seasons = ['winter', 'spring', 'summer', 'autumn'] as const

/** What is known of a user at a moment by what was just done (F11, F12). */
export interface SessionFeatures {
  /** The last five different items viewed or clicked, newest first, of this session or an earlier one. */
  lastViewed: readonly string[]
  /** Events of the session that is going on; 0 when the last one is over. */
  sessionEvents: number
  /** Share of the session's events by category; of items the catalogue knows. */
  sessionCategories: ReadonlyMap<string, number>
  /** Mean of ln(1 + price) of the session's events; undefined without any of an item with a price. */
  sessionPriceLevel: number | undefined
  /** Undefined when nothing is known to have been done before. */
  minutesSinceLast: number | undefined
  /** 0 to 23, UTC. */
  hour: number
  /** 1 Monday to 7 Sunday, UTC. */
  weekday: number
  /** North. */
  season: (typeof seasons)[number]
}

/**
 * The session features as of a moment: one definition for training and for serving. Events after the moment are not
 * looked at, so that a row of training knows what a request of then knew.
 * @param recent oldest first, as profiles hold them
 */
export function sessionFeatures(
  recent: readonly RecentEvent[],
  of: {
    nowMs: number
    itemOf: (itemId: string) => { category: string; price: number } | undefined
  },
): SessionFeatures {
  const { nowMs, itemOf } = of
  const past = recent.filter(([, , second]) => second * 1000 <= nowMs)
  const session = runningSession(past, nowMs / 1000)
  const items = session.map(([itemId]) => itemOf(itemId)).filter(item => item !== undefined)
  const looks = past.filter(([, code]) => isLook(code)).map(([itemId]) => itemId)
  const last = past.at(-1)?.[2]
  const now = new Date(nowMs)
  return {
    lastViewed: [...new Set(looks.toReversed())].slice(0, lastViewedMax),
    sessionEvents: session.length,
    sessionCategories: shares(items.map(({ category }) => category)),
    sessionPriceLevel: mean(items.map(({ price }) => Math.log1p(price))),
    minutesSinceLast: last === undefined ? undefined : (nowMs / 1000 - last) / 60,
    hour: now.getUTCHours(),
    weekday: ((now.getUTCDay() + 6) % 7) + 1,
    season: seasons[Math.floor(((now.getUTCMonth() + 1) % 12) / 3)] ?? 'winter',
  }
}

const isLook = (code: number): boolean => eventTypes[code] === 'view' || eventTypes[code] === 'click'

/** The events behind the last long pause; none when the pause goes on by now. */
function runningSession(past: readonly RecentEvent[], nowSeconds: number): readonly RecentEvent[] {
  let later = nowSeconds
  let first = past.length
  while (first > 0) {
    const second = past[first - 1]?.[2] ?? Number.NEGATIVE_INFINITY
    if (later - second > sessionGapSeconds) break
    later = second
    first -= 1
  }
  return past.slice(first)
}

function shares(categories: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1)
  return new Map([...counts].map(([category, count]) => [category, count / categories.length]))
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
