import type { Documents, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { UserId } from '../schemas/ids.ts'
import { eventTypes, type Interaction } from '../schemas/interaction.ts'
import { type Profile, profileLimits, type RecentEvent } from '../schemas/profile.ts'
import type { Sequenced } from './delivered.ts'

const concurrentWrites = 16
const lostRacesMax = 20

/**
 * Keeps the profile documents of users up to date: recent events, items bought, last sequence number taken in.
 * Remembers the profiles it wrote last, so that an active shopper costs a write and no read; every write is conditional
 * on the remembered version, so a second writer costs a read, never an event.
 */
export class ProfileWriter {
  readonly #remembered = new Map<string, Versioned<Profile>>()
  readonly #rememberedMax: number

  constructor(options: { rememberedMax?: number } = {}) {
    this.#rememberedMax = options.rememberedMax ?? 20_000
  }

  /** Applies the batch to each of its users; resolves to the number of users. */
  async apply(partition: string, interactions: readonly Sequenced[], documents: Documents): Promise<number> {
    const byUser = Map.groupBy(interactions, ({ interaction }) => interaction.userId)
    const waiting = byUser.entries()
    const worker = async () => {
      for (const [userId, events] of waiting) await this.#applyToUser(userId, partition, events, documents)
    }
    await Promise.all(Array.from({ length: Math.min(concurrentWrites, byUser.size) }, worker))
    return byUser.size
  }

  async #applyToUser(userId: UserId, partition: string, events: readonly Sequenced[], documents: Documents) {
    for (let races = 0; races < lostRacesMax; races++) {
      const stored =
        this.#remembered.get(userId) ??
        (await documents.read(collections.profiles, { id: 'profile', partition: userId }))
      const before: Profile = stored?.document ?? {
        id: 'profile',
        user_id: userId,
        applied: {},
        recent: [],
        bought: [],
        disliked: [],
      }
      const after = appliedTo(before, partition, events)
      if (after === before) return
      const written = stored
        ? await documents.replace(collections.profiles, after, stored.etag)
        : await documents.create(collections.profiles, after)
      this.#remembered.delete(userId)
      if (written) return this.#remember(userId, { document: after, etag: written.etag })
    }
    throw new Error(`Cannot update a profile: ${lostRacesMax} conditional writes in a row lost to another writer`)
  }

  #remember(userId: string, profile: Versioned<Profile>): void {
    this.#remembered.set(userId, profile)
    if (this.#remembered.size <= this.#rememberedMax) return
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined) this.#remembered.delete(oldest)
  }
}

/** The profile with the events it does not hold yet; the same object when there are none. */
function appliedTo(before: Profile, partition: string, events: readonly Sequenced[]): Profile {
  const applied = before.applied[partition] ?? -1
  const known = new Set(before.recent.map(([, , , shortId]) => shortId))
  const recent = [...before.recent]
  const bought = new Set(before.bought)
  const disliked = new Set(before.disliked)
  let last = applied
  for (const { sequenceNumber, interaction, shortId } of events) {
    if (sequenceNumber <= applied) continue
    last = Math.max(last, sequenceNumber)
    // The sender may post one event twice: it gets two sequence numbers, and one effect.
    if (known.has(shortId)) continue
    known.add(shortId)
    insertByTime(recent, packed(interaction, shortId))
    if (interaction.type === 'purchase') moveToEnd(bought, interaction.itemId)
    if (interaction.type === 'feedback') {
      if (interaction.value === -1) moveToEnd(disliked, interaction.itemId)
      else disliked.delete(interaction.itemId)
    }
  }
  if (last === applied) return before
  return {
    ...before,
    applied: { ...before.applied, [partition]: last },
    recent: recent.slice(-profileLimits.recentEvents),
    bought: [...bought].slice(-profileLimits.boughtItems),
    disliked: [...disliked].slice(-profileLimits.dislikedItems),
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

/** Events arrive nearly in order, so the place is found from the end. */
function insertByTime(recent: RecentEvent[], event: RecentEvent): void {
  let place = recent.length
  while (place > 0 && (recent[place - 1]?.[2] ?? 0) > event[2]) place -= 1
  recent.splice(place, 0, event)
}
