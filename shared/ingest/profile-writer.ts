import type { ConditionalWrite, Documents, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { UserId } from '../schemas/ids.ts'
import { eventTypes, type Interaction } from '../schemas/interaction.ts'
import { type Profile, profileLimits, type RecentEvent } from '../schemas/profile.ts'
import type { Sequenced } from './delivered.ts'

const lostRacesMax = 20

/**
 * Keeps the profile documents of users up to date: recent events, items bought, last sequence number taken in.
 * Remembers the profiles it wrote last, so that an active shopper costs a write and no read, and writes a batch's profiles
 * in few requests; every write is conditional on the remembered version, so a second writer costs a read, never an event.
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
    let waiting = [...byUser]
    for (let races = 0; waiting.length > 0; races++) {
      if (races === lostRacesMax) {
        throw new Error(`Cannot update profiles: ${lostRacesMax} conditional writes in a row lost to another writer`)
      }
      const stored = await this.#profilesOf(
        waiting.map(([userId]) => userId),
        documents,
      )
      const behind: typeof waiting = []
      const writes: ConditionalWrite<Profile>[] = []
      for (const user of waiting) {
        const [userId, events] = user
        const { document: before = emptyProfile(userId), etag } = stored.get(userId) ?? {}
        const after = appliedTo(before, partition, events)
        if (after === before) continue
        behind.push(user)
        writes.push({ document: after, etag })
      }
      waiting = writes.length === 0 ? [] : await this.#write(behind, writes, documents)
    }
    return byUser.size
  }

  /** What is remembered of the users, and the rest read in few requests. */
  async #profilesOf(userIds: readonly UserId[], documents: Documents): Promise<Map<string, Versioned<Profile>>> {
    const found = new Map<string, Versioned<Profile>>()
    const unknown: UserId[] = []
    for (const userId of userIds) {
      const known = this.#remembered.get(userId)
      if (known) found.set(userId, known)
      else unknown.push(userId)
    }
    if (unknown.length === 0) return found
    const keys = unknown.map(userId => ({ id: 'profile', partition: userId }))
    const read = await documents.readAll(collections.profiles, keys)
    for (const [index, userId] of unknown.entries()) {
      const profile = read[index]
      if (profile) found.set(userId, profile)
    }
    return found
  }

  /** Writes and remembers what was written; resolves to the users whose condition did not hold. */
  async #write<User extends readonly [UserId, unknown]>(
    users: readonly User[],
    writes: readonly ConditionalWrite<Profile>[],
    documents: Documents,
  ): Promise<User[]> {
    // What comes of a request that fails is not known: then nothing is remembered of them.
    for (const [userId] of users) this.#remembered.delete(userId)
    const written = await documents.writeAll(collections.profiles, writes)
    for (const [index, { document }] of writes.entries()) {
      const version = written[index]
      if (version) this.#remember(document.user_id, { document, etag: version.etag })
    }
    return users.filter((_, index) => !written[index])
  }

  #remember(userId: string, profile: Versioned<Profile>): void {
    this.#remembered.set(userId, profile)
    if (this.#remembered.size <= this.#rememberedMax) return
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined) this.#remembered.delete(oldest)
  }
}

const emptyProfile = (userId: UserId): Profile => ({
  ...{ id: 'profile', user_id: userId, applied: {}, recent: [], bought: [], disliked: [] },
})

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
