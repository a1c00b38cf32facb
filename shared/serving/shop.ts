import type { Clock, Documents, Ports } from '../ports.ts'
import { readLivePointer } from '../publishing/live-pointer.ts'
import { valueAt } from '../publishing/slots.ts'
import { collections } from '../schemas/collections.ts'
import { type CountersDocument, countingDocuments } from '../schemas/counters.ts'
import type { Profile } from '../schemas/profile.ts'
import type {
  ItemNeighboursValue,
  LivePointer,
  PopularityValue,
  RuleTail,
  UserListsValue,
} from '../schemas/published.ts'
import { popularityId } from '../schemas/published.ts'
import type { ServedModel } from '../sources/served-model.ts'
import { type Catalogue, liveCatalogue } from './catalogue.ts'
import { fresh } from './fresh.ts'
import { liveModel } from './live-model.ts'
import { Remembered } from './remembered.ts'

const pointerMs = 2_000
const countersMs = 10_000
const rememberedLists = 5_000

/**
 * What serving reads, each thing as fresh as it must be: a user's documents at every request; the pointer, the counters
 * and the catalogue every few seconds; lists of a generation once, as they never change.
 */
export interface Shop {
  catalogue(): Promise<Catalogue>
  live(): Promise<LivePointer | undefined>
  counters(): Promise<readonly CountersDocument[]>
  profile(userId: string): Promise<Profile | undefined>
  userLists(userId: string, generation: number): Promise<UserListsValue | undefined>
  neighbours(itemId: string, generation: number): Promise<ItemNeighboursValue | undefined>
  rules(itemId: string, generation: number): Promise<readonly RuleTail[]>
  popularity(category: string | undefined, generation: number): Promise<PopularityValue | undefined>
  /** The model to make vectors with, as far as it is in memory: a request never waits for it. */
  model(live: LivePointer): ServedModel | undefined
  /** Resolves when no model is being loaded. */
  modelSettled(): Promise<void>
  clock: Clock
  halfLifeMs: number
}

export function shop(
  { documents, blobs, clock, log }: Pick<Ports, 'documents' | 'blobs' | 'clock' | 'log'>,
  { halfLifeMs }: { halfLifeMs: number },
): Shop {
  const neighbours = new Remembered<ItemNeighboursValue | undefined>(rememberedLists)
  const popularity = new Remembered<PopularityValue | undefined>(rememberedLists)
  const model = liveModel({ documents, blobs, clock, log })
  return {
    catalogue: liveCatalogue({ documents, clock, log }),
    live: fresh(async () => readLivePointer(documents), { ttlMs: pointerMs, clock, log }),
    counters: fresh(async () => readCounters(documents), { ttlMs: countersMs, clock, log }),
    profile: async userId =>
      (await documents.read(collections.profiles, { id: 'profile', partition: userId }))?.document,
    userLists: async (userId, generation) => {
      const lists = await documents.read(collections.userLists, { id: userId, partition: userId })
      return lists && valueAt(lists.document, generation)
    },
    neighbours: (itemId, generation) =>
      neighbours.get(`${generation} ${itemId}`, async () => {
        const lists = await documents.read(collections.itemNeighbours, { id: itemId, partition: itemId })
        return lists && valueAt(lists.document, generation)
      }),
    rules: async (itemId, generation) => {
      const rules = await documents.read(collections.itemRules, { id: itemId, partition: itemId })
      return (rules && valueAt(rules.document, generation)) ?? []
    },
    popularity: (category, generation) => {
      const id = popularityId(category)
      return popularity.get(`${generation} ${id}`, async () => {
        const lists = await documents.read(collections.popularity, { id, partition: id })
        return lists && valueAt(lists.document, generation)
      })
    },
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
