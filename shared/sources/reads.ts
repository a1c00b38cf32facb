import type { Clock } from '../ports.ts'
import type { Item } from '../schemas/catalogue.ts'
import type { CountersDocument } from '../schemas/counters.ts'
import type { FreshList } from '../schemas/fresh-list.ts'
import type { Preferences } from '../schemas/preferences.ts'
import type { Profile } from '../schemas/profile.ts'
import type {
  ItemNeighboursValue,
  LivePointer,
  PopularityValue,
  RuleTail,
  UserListsValue,
} from '../schemas/published.ts'
import type { ServedModel } from './served-model.ts'

/** The products by id, as of a few seconds ago. */
export interface Catalogue {
  items: ReadonlyMap<string, Item>
  /** In the shop's order: by name. */
  byName: readonly Item[]
  categories: readonly { name: string; items: number }[]
}

/**
 * What lists are made from, each thing as fresh as it must be: a user's documents at every request; the pointer, the
 * counters and the catalogue every few seconds; lists of a generation once, as they never change.
 */
export interface Reads {
  catalogue(): Promise<Catalogue>
  live(): Promise<LivePointer | undefined>
  counters(): Promise<readonly CountersDocument[]>
  profile(userId: string): Promise<Profile | undefined>
  preferences(userId: string): Promise<Preferences | undefined>
  /** The list the stream stored when the user last did something that matters. */
  freshList(userId: string): Promise<FreshList | undefined>
  userLists(userId: string, generation: number): Promise<UserListsValue | undefined>
  neighbours(itemId: string, generation: number): Promise<ItemNeighboursValue | undefined>
  rules(itemId: string, generation: number): Promise<readonly RuleTail[]>
  popularity(category: string | undefined, generation: number): Promise<PopularityValue | undefined>
  /** What a segment's users buy lately. */
  segmentPopularity(key: string, generation: number): Promise<PopularityValue | undefined>
  /** The model to make vectors with, as far as it is in memory: a request never waits for it. */
  model(live: LivePointer): ServedModel | undefined
  clock: Clock
  halfLifeMs: number
}
