import { isGuest, type UserId } from '../schemas/ids.ts'
import { eventTypes, type Interaction } from '../schemas/interaction.ts'
import { guestSeconds, type Profile, profileLimits, type RecentEvent } from '../schemas/profile.ts'
import type { Sequenced, SequencedLogin } from './delivered.ts'
import { mergedProfile } from './merged-profile.ts'
import { insertByTime } from './recent-events.ts'
import { isNews, keptShown, shownAgain } from './shown-items.ts'

/** What a partition delivers of one user. */
export type UserEvent = Sequenced | SequencedLogin

export const emptyProfile = (userId: UserId): Profile => ({
  ...{ id: 'profile', user_id: userId, applied: {}, recent: [], bought: [], disliked: [] },
  ...(isGuest(userId) ? { ttl: guestSeconds } : {}),
})

/**
 * The profile with the events it does not hold yet, and with the sessions its logins name; the same object when there
 * are none.
 * @param guests profiles of sessions that turned out to be users, by their user id
 */
export function appliedTo(
  before: Profile,
  of: { partition: string; events: readonly UserEvent[]; guests: ReadonlyMap<string, Profile> },
): Profile {
  const applied = before.applied[of.partition] ?? -1
  const unseen = of.events.filter(({ sequenceNumber }) => sequenceNumber > applied)
  if (unseen.length === 0) return before
  const merged = unseen.reduce((profile, event) => {
    const guest = 'login' in event ? of.guests.get(event.login.guestId) : undefined
    return guest?.merged_into === before.user_id ? mergedProfile(profile, guest) : profile
  }, before)
  const last = unseen.reduce((largest, { sequenceNumber }) => Math.max(largest, sequenceNumber), applied)
  const interactions = unseen.flatMap(event => ('login' in event ? [] : [event]))
  return { ...withInteractions(merged, interactions), applied: { ...before.applied, [of.partition]: last } }
}

function withInteractions(before: Profile, events: readonly Sequenced[]): Profile {
  const known = new Set(before.recent.map(([, , , shortId]) => shortId))
  const recent = [...before.recent]
  const bought = new Set(before.bought)
  const disliked = new Set(before.disliked)
  const shown = new Map(Object.entries(before.shown ?? {}))
  for (const { interaction, shortId } of events) {
    const { itemId, type, at, value } = interaction
    const second = Math.floor(at / 1000)
    if (type === 'impression') {
      if (isNews(second, itemId, recent)) shown.set(itemId, shownAgain(shown.get(itemId), second))
      continue
    }
    // The sender may post one event twice: it gets two sequence numbers, and one effect.
    if (known.has(shortId)) continue
    known.add(shortId)
    insertByTime(recent, packed(interaction, shortId))
    if ((shown.get(itemId)?.[1] ?? Number.POSITIVE_INFINITY) <= second) shown.delete(itemId)
    if (type === 'purchase') moveToEnd(bought, itemId)
    if (type === 'feedback') {
      if (value === -1) moveToEnd(disliked, itemId)
      else disliked.delete(itemId)
    }
  }
  const { shown: _, ...rest } = before
  return {
    ...rest,
    recent: recent.slice(-profileLimits.recentEvents),
    bought: [...bought].slice(-profileLimits.boughtItems),
    disliked: [...disliked].slice(-profileLimits.dislikedItems),
    ...keptShown(shown),
  }
}

function moveToEnd(items: Set<string>, itemId: string): void {
  items.delete(itemId)
  items.add(itemId)
}

function packed({ itemId, type, at, value }: Interaction, shortId: string): RecentEvent {
  const event = [itemId, eventTypes.indexOf(type), Math.floor(at / 1000), shortId] as const
  return value === undefined ? [...event] : [...event, value]
}
