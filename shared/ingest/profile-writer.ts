import type { ConditionalWrite, Documents, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { isGuest, type UserId } from '../schemas/ids.ts'
import type { Profile } from '../schemas/profile.ts'
import { appliedTo, emptyProfile, type UserEvent } from './applied-profile.ts'
import { mergedProfile } from './merged-profile.ts'

const lostRacesMax = 20

/**
 * Keeps the profile documents of users up to date: recent events, items bought, last sequence number taken in.
 * Remembers the profiles it wrote last, so that an active shopper costs a write and no read, and writes a batch's profiles
 * in few requests; every write is conditional on the remembered version, so a second writer costs a read, never an event.
 */
export class ProfileWriter {
  readonly #remembered = new Map<string, Versioned<Profile>>()
  readonly #rememberedMax: number
  readonly #retentionSeconds: number | undefined

  /** @param options retentionDays: how long a user's profile is kept after its last write; without it for good */
  constructor(options: { rememberedMax?: number; retentionDays?: number } = {}) {
    this.#rememberedMax = options.rememberedMax ?? 20_000
    this.#retentionSeconds = options.retentionDays === undefined ? undefined : options.retentionDays * 86_400
  }

  /**
   * Applies the batch to each of its users; gives their profiles as they are then.
   *
   * A login first marks the session's profile as merged, then the user's profile takes it in. Whoever writes the session's
   * profile from then on sees the mark, as writes are conditional, and merges it into the user's once more; so events that
   * come late, in a partition of their own, are missed by neither, and a crash between two writes is mended by the
   * delivery that follows it.
   */
  async apply(
    partition: string,
    events: readonly UserEvent[],
    documents: Documents,
  ): Promise<ReadonlyMap<UserId, Profile>> {
    const byUser = Map.groupBy(events, userOf)
    const guests = await this.#markMerged(events, documents)
    const profiles = await this.#update(
      [...byUser.keys()],
      before => appliedTo(before, { partition, events: byUser.get(before.user_id) ?? [], guests }),
      documents,
    )
    const late = Map.groupBy(profiles.values(), ({ merged_into: userId }) => userId)
    const users = [...late.keys()].filter(userId => userId !== undefined)
    if (users.length === 0) return profiles
    const merged = (before: Profile) => (late.get(before.user_id) ?? []).reduce(mergedProfile, before)
    return new Map([...profiles, ...(await this.#update(users, merged, documents))])
  }

  /** Sets in the profiles of sessions with a login whose they are. A session is one user's: the first's. */
  async #markMerged(events: readonly UserEvent[], documents: Documents): Promise<ReadonlyMap<string, Profile>> {
    const logins = events.flatMap(event => ('login' in event ? [event.login] : []))
    if (logins.length === 0) return new Map()
    const userOfGuest = new Map(logins.toReversed().map(({ guestId, userId }) => [guestId, userId]))
    const marked = (before: Profile): Profile =>
      before.merged_into ? before : { ...before, merged_into: userOfGuest.get(before.user_id) }
    return this.#update([...userOfGuest.keys()], marked, documents)
  }

  /** Changes profiles, each by a conditional write, and none that stays as it is; gives all as they are then. */
  async #update(
    userIds: readonly UserId[],
    change: (before: Profile) => Profile,
    documents: Documents,
  ): Promise<Map<UserId, Profile>> {
    const profiles = new Map<UserId, Profile>()
    let waiting = userIds
    for (let races = 0; waiting.length > 0; races++) {
      if (races === lostRacesMax) {
        throw new Error(`Cannot update profiles: ${lostRacesMax} conditional writes in a row lost to another writer`)
      }
      const stored = await this.#profilesOf(waiting, documents)
      const writes: ConditionalWrite<Profile>[] = []
      for (const userId of waiting) {
        const { document: before = emptyProfile(userId), etag } = stored.get(userId) ?? {}
        const after = this.#kept(change(before), before)
        profiles.set(userId, after)
        if (after !== before) writes.push({ document: after, etag })
      }
      waiting = writes.length === 0 ? [] : await this.#write(writes, documents)
    }
    return profiles
  }

  /** What changed is kept for its period from now on; a visitor's profile has a shorter one of its own. */
  #kept(after: Profile, before: Profile): Profile {
    if (after === before || this.#retentionSeconds === undefined || isGuest(after.user_id)) return after
    return { ...after, ttl: this.#retentionSeconds }
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
  async #write(writes: readonly ConditionalWrite<Profile>[], documents: Documents): Promise<UserId[]> {
    // What comes of a request that fails is not known: then nothing is remembered of them.
    for (const { document } of writes) this.#remembered.delete(document.user_id)
    const written = await documents.writeAll(collections.profiles, writes)
    const lost: UserId[] = []
    for (const [index, { document }] of writes.entries()) {
      const version = written[index]
      if (version) this.#remember(document.user_id, { document, etag: version.etag })
      else lost.push(document.user_id)
    }
    return lost
  }

  #remember(userId: string, profile: Versioned<Profile>): void {
    this.#remembered.set(userId, profile)
    if (this.#remembered.size <= this.#rememberedMax) return
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined) this.#remembered.delete(oldest)
  }
}

const userOf = (event: UserEvent): UserId => ('login' in event ? event.login : event.interaction).userId
