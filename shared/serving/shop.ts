import type { Documents, Ports } from '../ports.ts'
import type { LiveTombstones } from '../privacy/tombstones/live-tombstones.ts'
import { readLivePointer } from '../publishing/live-pointer.ts'
import { valueAt } from '../publishing/slots.ts'
import type { Customer } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'
import type { Consent } from '../schemas/consent.ts'
import { type CountersDocument, countingDocuments } from '../schemas/counters.ts'
import {
  type ItemNeighboursValue,
  type PopularityValue,
  popularityId,
  type RuleTail,
  segmentPopularityId,
} from '../schemas/published.ts'
import type { Reads } from '../sources/reads.ts'
import { liveCatalogue } from './catalogue.ts'
import { fresh } from './fresh.ts'
import { liveModel } from './live-model.ts'
import { type Placements, readPlacements } from './placements.ts'
import { Remembered } from './remembered.ts'

const pointerMs = 2_000
const countersMs = 10_000
const placementsMs = 5_000
const rememberedLists = 5_000

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
}

export interface ShopOptions {
  halfLifeMs: number
  catalogueRefreshMs?: number
  /** Who was erased; without it, nobody. */
  tombstones?: LiveTombstones
}

export function shop(
  { documents, blobs, clock, log }: Pick<Ports, 'documents' | 'blobs' | 'clock' | 'log'>,
  { halfLifeMs, catalogueRefreshMs = 500, tombstones }: ShopOptions,
): Shop {
  const neighbours = new Remembered<ItemNeighboursValue | undefined>(rememberedLists)
  const rules = new Remembered<readonly RuleTail[]>(rememberedLists)
  const popularity = new Remembered<PopularityValue | undefined>(rememberedLists)
  const popularityOf = (id: string, generation: number): Promise<PopularityValue | undefined> =>
    popularity.get(`${generation} ${id}`, async () => {
      const lists = await documents.read(collections.popularity, { id, partition: id })
      return lists && valueAt(lists.document, generation)
    })
  const model = liveModel({ documents, blobs, clock, log })
  return {
    catalogue: liveCatalogue({ documents, blobs, clock, log }, { refreshMs: catalogueRefreshMs }),
    live: fresh(async () => readLivePointer(documents), { ttlMs: pointerMs, clock, log }),
    counters: fresh(async () => readCounters(documents), { ttlMs: countersMs, clock, log }),
    profile: async userId =>
      (await documents.read(collections.profiles, { id: 'profile', partition: userId }))?.document,
    customer: async userId => {
      const stored = await documents.read(collections.customers, { id: 'customer', partition: userId })
      return stored?.document.deleted ? undefined : stored?.document
    },
    preferences: async userId =>
      (await documents.read(collections.preferences, { id: 'preferences', partition: userId }))?.document,
    consent: async userId =>
      (await documents.read(collections.consents, { id: 'consent', partition: userId }))?.document,
    isErased: async userId => {
      if (!tombstones) return false
      // While nobody could ever be asked, everybody is a stranger.
      const known = await tombstones.lastKnown()
      return known?.refuses(userId) ?? true
    },
    freshList: async userId =>
      (await documents.read(collections.freshLists, { id: 'fresh_list', partition: userId }))?.document,
    placements: fresh(async () => readPlacements(documents), { ttlMs: placementsMs, clock, log }),
    userLists: async (userId, generation) => {
      const lists = await documents.read(collections.userLists, { id: userId, partition: userId })
      return lists && valueAt(lists.document, generation)
    },
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
