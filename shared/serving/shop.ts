import type { Documents, Ports } from '../ports.ts'
import type { LiveTombstones } from '../privacy/tombstones/live-tombstones.ts'
import { readLivePointer, tellAge } from '../publishing/live-pointer.ts'
import { valueAt } from '../publishing/slots.ts'
import type { Customer } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'
import type { Consent } from '../schemas/consent.ts'
import { type CountersDocument, countingDocuments } from '../schemas/counters.ts'
import {
  type ItemNeighboursValue,
  type LivePointer,
  type PopularityValue,
  popularityId,
  type RuleTail,
  segmentPopularityId,
  type UserListsValue,
} from '../schemas/published.ts'
import type { Catalogue, Reads } from '../sources/reads.ts'
import type { CountRead } from './cache/cache-counts.ts'
import { epochs } from './cache/drops.ts'
import { GenerationLists } from './cache/generation-lists.ts'
import { UserDocuments, type UserDocumentsOptions } from './cache/user-documents.ts'
import { liveCatalogue } from './catalogue.ts'
import { type Fresh, fresh, orBefore } from './fresh.ts'
import { liveModel } from './live-model.ts'
import { type Budgets, type GuardedDocuments, guardedDocuments } from './outage/guarded-documents.ts'
import { type Placements, readPlacements, withoutExploration } from './placements.ts'
import { Remembered } from './remembered.ts'

const pointerMs = 2_000
const countersMs = 10_000
const placementsMs = 5_000
const rememberedLists = 5_000
/** So long a request waits for news of what it has an older state of. */
const newsMs = 60

/** What serving reads. */
export interface Shop extends Reads {
  /** How lists are made, placement by placement: the shop's settings over the app's. */
  placements(): Promise<Placements>
  /** What the ERP knows of a user. */
  customer(userId: string): Promise<Customer | undefined>
  /** What the user told to allow; who told nothing allows all. Never less strict than what was told last. */
  consent(userId: string): Promise<Consent | undefined>
  /** Whether somebody of this id was erased: such a one is a stranger. */
  isErased(userId: string): Promise<boolean>
  /** Resolves when no model is being loaded. */
  modelSettled(): Promise<void>
  /** Names of what is served older than it may be, as no newer state can be read. */
  readonly late: ReadonlySet<string>
  /** Milliseconds since what is held of the user was last known to be unchanged, when that is too long; else 0. */
  staleMs(userId: string): number
  /** What a list waits for reads, all in all. */
  readonly listMs: number
  /** Whether a store was asked for the first time and has not answered yet: that may take its time. */
  isSettling(): boolean
  /** What this instance holds in memory, and how its stores do. */
  readonly held: Held
}

/** The caches of an instance. */
interface Held {
  users: UserDocuments
  lists: GenerationLists<UserListsValue | undefined>
  /** What is kept elsewhere of what was made from it, and is dropped with it. */
  madeFromIt: Set<{ clear(): void; forget(userId: string): void }>
  /** What is as fresh as it must be, without waiting; undefined where a list would wait for it, or do without. */
  atHand: {
    catalogue: Fresh<Catalogue>['atHand']
    live: Fresh<LivePointer | undefined>['atHand']
    placements: Fresh<Placements>['atHand']
    isErased(userId: string): boolean | undefined
  }
  stores: () => ReturnType<GuardedDocuments['states']>
  /** Drops all that is held of one user, here. */
  forget(userId: string): void
  /** Resolves when no instance holds anything any more of what was told before now. */
  forgottenEverywhere(): Promise<void>
  /** Drops all that can be read again. */
  clear(): void
}

export interface ShopOptions {
  halfLifeMs: number
  catalogueRefreshMs?: number
  /** What may be held of users; without it, every request reads. */
  users?: UserDocumentsOptions
  /** Who was erased; without it, nobody. */
  tombstones?: LiveTombstones
  /** How long reads may take; without it, as long as they do. */
  budgets?: Budgets
  /** Whether lists may leave places to chance where their placements say so, as it is by now; without it, they may. */
  explores?: () => boolean
}

const readAlways: UserDocumentsOptions = {
  ...{ trustMs: () => 0, lookEveryMs: 0, ttlMs: 0, staleMsMax: 0, entriesMax: 0, bytesMax: 0 },
}
const patient: Budgets = { readMs: 30_000, pageMs: 30_000, listMs: 30_000 }

export function shop(
  {
    documents: stored,
    blobs,
    clock,
    log,
    telemetry,
  }: Pick<Ports, 'documents' | 'blobs' | 'clock' | 'log' | 'telemetry'>,
  {
    halfLifeMs,
    catalogueRefreshMs = 500,
    users: userOptions = readAlways,
    budgets = patient,
    tombstones,
    explores = () => true,
  }: ShopOptions,
): Shop {
  const guarded = guardedDocuments(stored, { clock, log, telemetry, budgets })
  const { documents } = guarded
  const countReads =
    (cache: 'users' | 'lists'): CountRead =>
    outcome =>
      telemetry.count('cache_reads_total', { cache, outcome })
  const late = new Set<string>()
  const news = { waitMs: newsMs, late, clock, log }
  const neighbours = new Remembered<ItemNeighboursValue | undefined>(rememberedLists)
  const rules = new Remembered<readonly RuleTail[]>(rememberedLists)
  const popularity = new Remembered<PopularityValue | undefined>(rememberedLists)
  const popularityOf = (id: string, generation: number): Promise<PopularityValue | undefined> =>
    popularity.get(`${generation} ${id}`, async () => {
      const lists = await documents.read(collections.popularity, { id, partition: id })
      return lists && valueAt(lists.document, generation)
    })
  // Loads in the background, and may take its time.
  const model = liveModel({ documents: stored, blobs, clock, log, telemetry })
  const lists = new GenerationLists<UserListsValue | undefined>({ ...userOptions, countRead: countReads('lists') })
  const madeFromIt: Held['madeFromIt'] = new Set()
  const forgotten = (userId: string): void => {
    lists.forget(userId)
    for (const kept of madeFromIt) kept.forget(userId)
  }
  const users = new UserDocuments(
    { documents, clock, log },
    { ...userOptions, onForget: forgotten, countRead: countReads('users') },
  )
  const isNewEpoch = epochs(documents)
  const readPointer = async () => {
    const [pointer, isNew] = await Promise.all([readLivePointer(documents), isNewEpoch()])
    if (isNew) held.clear()
    if (pointer) tellAge(pointer, { clock, telemetry })
    return pointer
  }
  const live = fresh<LivePointer | undefined>(before => orBefore(before, readPointer()), {
    ...{ name: 'live_pointer', ttlMs: pointerMs, ...news },
  })
  const counters = fresh<CountersDocument[]>(before => orBefore(before, readCounters(documents)), {
    ...{ name: 'counters', ttlMs: countersMs, ...news },
  })
  const inForce = async () => {
    const read = await readPlacements(documents)
    return explores() ? read : withoutExploration(read)
  }
  const placements = fresh<Placements>(before => orBefore(before, inForce()), {
    ...{ name: 'placements', ttlMs: placementsMs, ...news },
  })
  const catalogue = liveCatalogue(
    { documents, blobs, clock, log },
    { refreshMs: catalogueRefreshMs, waitMs: newsMs, late },
  )
  const held: Held = {
    ...{ users, lists, madeFromIt, stores: guarded.states, forget: userId => users.forget(userId) },
    atHand: {
      ...{ catalogue: catalogue.atHand, live: live.atHand, placements: placements.atHand },
      isErased: userId => (tombstones ? tombstones.atHand()?.refuses(userId) : false),
    },
    forgottenEverywhere: async () => {
      const trustMs = userOptions.trustMs()
      // Longer than anything is trusted without a look that began later than now.
      if (trustMs > 0) await new Promise(resolve => setTimeout(resolve, 1.2 * trustMs))
    },
    clear: () => {
      users.clear()
      lists.clear()
      for (const kept of madeFromIt) kept.clear()
      for (const remembered of [neighbours, rules, popularity]) remembered.clear()
    },
  }
  return {
    ...{ late, held, staleMs: userId => users.staleMs(userId), isSettling: guarded.isSettling, listMs: budgets.listMs },
    ...{ catalogue, live, counters, placements },
    profile: userId => users.part(userId, 'profile'),
    customer: async userId => {
      const customer = await users.part(userId, 'customer')
      return customer?.deleted ? undefined : customer
    },
    consent: userId => users.part(userId, 'consent'),
    isErased: async userId => {
      if (!tombstones) return false
      // While nobody could ever be asked, everybody is a stranger.
      const known = await tombstones.lastKnown()
      return known?.refuses(userId) ?? true
    },
    preferences: userId => users.part(userId, 'preferences'),
    freshList: userId => users.part(userId, 'fresh_list'),
    userLists: (userId, generation) =>
      lists.get(userId, generation, async () => {
        const published = await documents.read(collections.userLists, { id: userId, partition: userId })
        return published && valueAt(published.document, generation)
      }),
    neighbours: (itemId, generation) =>
      neighbours.get(`${generation} ${itemId}`, async () => {
        const lists = await documents.read(collections.itemNeighbours, { id: itemId, partition: itemId })
        return lists && valueAt(lists.document, generation)
      }),
    rules: (itemId, generation) =>
      rules.get(`${generation} ${itemId}`, async () => {
        const lists = await documents.read(collections.itemRules, { id: itemId, partition: itemId })
        return (lists && valueAt(lists.document, generation)) ?? []
      }),
    popularity: (category, generation) => popularityOf(popularityId(category), generation),
    segmentPopularity: (key, generation) => popularityOf(segmentPopularityId(key), generation),
    model: live => model.current(live),
    modelSettled: () => model.settled(),
    clock,
    halfLifeMs,
  }
}

async function readCounters(documents: Documents): Promise<CountersDocument[]> {
  const found: CountersDocument[] = []
  for await (const page of documents.query(collections.counters, {})) found.push(...page)
  return countingDocuments(found)
}
