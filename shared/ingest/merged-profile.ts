import { eventTypes } from '../schemas/interaction.ts'
import { type Profile, profileLimits, type RecentEvent, type Shown } from '../schemas/profile.ts'
import { insertByTime } from './recent-events.ts'
import { isNews, keptShown } from './shown-items.ts'

const feedback = eventTypes.indexOf('feedback')

/**
 * The user's profile with what a visitor's session did, which turned out to be the user's: recent events by time and each
 * once, what was bought, disliked and shown. Merged again it changes nothing, and gives the same object: that is how what
 * the session does later, and what is delivered again, finds its way.
 */
export function mergedProfile(user: Profile, guest: Profile): Profile {
  const known = new Set(user.recent.map(([, , , shortId]) => shortId))
  const together = [...user.recent]
  for (const event of guest.recent) if (!known.has(event[3])) insertByTime(together, event)
  const recent = together.slice(-profileLimits.recentEvents)
  const bought = [...new Set([...user.bought, ...guest.bought])].slice(-profileLimits.boughtItems)
  const news = new Set(recent.flatMap(([, , , shortId]) => (known.has(shortId) ? [] : [shortId])))
  const disliked = dislikedOf({ user, guest, recent, news })
  const shown = shownOf(user, guest, recent)
  const parts = JSON.stringify([bought, disliked, shown])
  if (news.size === 0 && parts === JSON.stringify([user.bought, user.disliked, user.shown ?? {}])) return user
  const { shown: _, ...rest } = user
  return { ...rest, recent, bought, disliked, ...keptShown(new Map(Object.entries(shown))) }
}

/** The newest thumb counts, the user's or the session's; one that is not among the last events any more holds on. */
function dislikedOf(of: {
  user: Profile
  guest: Profile
  recent: readonly RecentEvent[]
  news: ReadonlySet<string>
}): string[] {
  const { user, guest, recent, news } = of
  const disliked = new Set(user.disliked)
  const newest = new Map<string, RecentEvent>()
  for (const event of recent) if (event[1] === feedback) newest.set(event[0], event)
  for (const itemId of guest.disliked) if (!newest.has(itemId)) disliked.add(itemId)
  for (const [itemId, [, , , shortId, value]] of newest) {
    if (!news.has(shortId)) continue
    if (value === -1) disliked.add(itemId)
    else disliked.delete(itemId)
  }
  return [...disliked].slice(-profileLimits.dislikedItems)
}

/** The larger count of the two, as adding them up again would count twice, of what nobody did anything with since. */
function shownOf(user: Profile, guest: Profile, recent: readonly RecentEvent[]): Record<string, Shown> {
  const shown = new Map(Object.entries(user.shown ?? {}))
  for (const [itemId, [times, last]] of Object.entries(guest.shown ?? {})) {
    const [timesBefore, lastBefore] = shown.get(itemId) ?? [0, 0]
    shown.set(itemId, [Math.max(times, timesBefore), Math.max(last, lastBefore)])
  }
  const inVain = [...shown].filter(([itemId, [, last]]) => isNews(last, itemId, recent))
  return keptShown(new Map(inVain)).shown ?? {}
}
