import type { Consent } from '../../schemas/consent.ts'
import type { CountersDocument } from '../../schemas/counters.ts'
import { UserId } from '../../schemas/ids.ts'
import { defaultPlacements } from '../default-placements.ts'
import type { Shop } from '../shop.ts'
import { isUnavailable, within } from './within.ts'

/** One and the same, as what is ranked by counters is remembered by them. */
const noCounters: readonly CountersDocument[] = []

/** What a list had to do without, and how old what stands for it is. */
export interface Without {
  /** Names of what could not be read, or only an older state of it. */
  readonly degraded: readonly string[]
  /** Seconds since the user's documents were last known to be unchanged, where they could not be read; else 0. */
  readonly staleSeconds: number
}

/**
 * The shop for one list that is to be answered whatever is away: a read that fails, or is not there in time, gives what is
 * given of what nobody knows anything of, and is noted. The catalogue alone has nothing in its place.
 */
export function lenient(shop: Shop): { shop: Shop; without: Without } {
  const missing = new Set<string>()
  let staleMs = 0
  const started = shop.clock()
  const orElse = async <T>(name: string, read: Promise<T>, instead: () => T): Promise<T> => {
    if (shop.isSettling()) return read.catch(cause => giveUp(name, cause, instead))
    try {
      return await within(read, started + shop.listMs - shop.clock(), name)
    } catch (cause) {
      return giveUp(name, cause, instead)
    }
  }
  const giveUp = <T>(name: string, cause: unknown, instead: () => T): T => {
    if (!isUnavailable(cause)) throw cause
    missing.add(name)
    return instead()
  }
  const ofUser = async <T>(userId: string, read: Promise<T>): Promise<T | undefined> => {
    const found = await orElse<T | undefined>('user_documents', read, nothing)
    staleMs = Math.max(staleMs, shop.staleMs(userId))
    return found
  }
  return {
    shop: {
      ...shop,
      live: () => orElse('live_pointer', shop.live(), nothing),
      counters: () => orElse('counters', shop.counters(), () => noCounters),
      placements: () => orElse('placements', shop.placements(), () => defaultPlacements),
      profile: userId => ofUser(userId, shop.profile(userId)),
      customer: userId => ofUser(userId, shop.customer(userId)),
      preferences: userId => ofUser(userId, shop.preferences(userId)),
      // Whether somebody allows a personal list must be known before there is one.
      consent: userId => orElse('user_documents', shop.consent(userId), () => nothingAllowed(userId)),
      isErased: userId => orElse('tombstones', shop.isErased(userId), () => true),
      freshList: userId => ofUser(userId, shop.freshList(userId)),
      userLists: (userId, generation) => orElse('user_lists', shop.userLists(userId, generation), nothing),
      neighbours: (itemId, generation) => orElse('item_neighbours', shop.neighbours(itemId, generation), nothing),
      rules: (itemId, generation) => orElse('rules', shop.rules(itemId, generation), () => []),
      popularity: (category, generation) => orElse('popularity', shop.popularity(category, generation), nothing),
      segmentPopularity: (key, generation) => orElse('popularity', shop.segmentPopularity(key, generation), nothing),
    },
    without: {
      get degraded() {
        return [...new Set([...missing, ...shop.late])].sort()
      },
      get staleSeconds() {
        return Math.ceil(staleMs / 1000)
      },
    },
  }
}

const nothing = (): undefined => undefined

const nothingAllowed = (userId: string): Consent => ({
  ...{ id: 'consent', user_id: UserId.parse(userId), personalization: false, tracking: false },
  updated_at: new Date(0).toISOString(),
})
