import { z } from 'zod'
import { CacheDrop, CacheEpoch } from './cache.ts'
import { Customer, Item } from './catalogue.ts'
import { Consent } from './consent.ts'
import { CountersDocument } from './counters.ts'
import { Erasure } from './erasure.ts'
import { ExportRequest } from './export.ts'
import { FreshList } from './fresh-list.ts'
import { KeptRequest } from './kept-request.ts'
import { ListStatistics } from './list-statistics.ts'
import { PlacementSettings } from './placements.ts'
import { Preferences } from './preferences.ts'
import { Profile } from './profile.ts'
import {
  Generation,
  ItemNeighbours,
  ItemRules,
  LivePointer,
  ModelMetrics,
  Popularity,
  PublishState,
  UserLists,
} from './published.ts'
import { ChunkRecord, Completion, Lease, Run } from './run.ts'
import { BatchSchedule, BatchScheduleState } from './schedule.ts'
import { ServiceKeys } from './service-keys.ts'
import { RunTimeSettings } from './settings/run-time.ts'
import { Tombstone } from './tombstone.ts'
import { TrialRecord, TunedTraining } from './tuning.ts'

import { upcastItemRules } from './upcasters/item-rules.ts'
import { BudgetState, UsageDay } from './usage.ts'

/** A kind of document: the container it lives in, its schema and how its key is read off it. */
export interface Collection<T> {
  readonly container: string
  readonly schema: z.ZodType<T>
  /** The property that documents are partitioned by. */
  readonly partitionedBy: 'id' | 'user_id' | 'run_id' | 'kind'
  readonly key: (document: T) => { id: string; partition: string }
}

/** A schema of what is stored that brings older forms of it up when they are read (D04); a form is here until none is left. */
const upcasted = <T>(schema: z.ZodType<T>, upcast: (stored: unknown) => unknown): z.ZodType<T> =>
  z.preprocess(upcast, schema)

const byId = <T extends { id: string }>(container: string, schema: z.ZodType<T>): Collection<T> => ({
  container,
  schema,
  partitionedBy: 'id',
  key: ({ id }) => ({ id, partition: id }),
})
const byUser = <T extends { id: string; user_id: string }>(schema: z.ZodType<T>): Collection<T> => ({
  container: 'users',
  schema,
  partitionedBy: 'user_id',
  key: ({ id, user_id }) => ({ id, partition: user_id }),
})
const byRun = <T extends { id: string; run_id: string }>(schema: z.ZodType<T>): Collection<T> => ({
  container: 'runs',
  schema,
  partitionedBy: 'run_id',
  key: ({ id, run_id }) => ({ id, partition: run_id }),
})

const byKind = <T extends { id: string; kind: string }>(schema: z.ZodType<T>): Collection<T> => ({
  container: 'privacy',
  schema,
  partitionedBy: 'kind',
  key: ({ id, kind }) => ({ id, partition: kind }),
})

/** Any document about a user, by its key alone: for whoever asks what there is. */
const UserDocument = z.object({ id: z.string(), user_id: z.string() })

/** What lists are made from of a user: read together, as they share a partition. */
const UserPart = z.discriminatedUnion('id', [Profile, Preferences, Consent, Customer, FreshList])
export type UserPart = z.infer<typeof UserPart>

/** Every collection of the app. infra/resources.json makes the containers; a test holds the two together. */
export const collections = {
  items: byId('items', Item),
  customers: byUser(Customer),
  profiles: byUser(Profile),
  preferences: byUser(Preferences),
  consents: byUser(Consent),
  userDocuments: byUser(UserDocument),
  freshLists: byUser(FreshList),
  userParts: byUser(UserPart),
  cacheDrops: byUser(CacheDrop),
  counters: byId('counters', CountersDocument),
  userLists: byId('user_topn', UserLists),
  itemNeighbours: byId('item_sim', ItemNeighbours),
  itemRules: byId('assoc_rules', upcasted(ItemRules, upcastItemRules)),
  popularity: byId('trending', Popularity),
  livePointer: byId('models', LivePointer),
  generations: byId('models', Generation),
  publishState: byId('models', PublishState),
  listStatistics: byId('models', ListStatistics),
  modelMetrics: byId('model_metrics', ModelMetrics),
  runs: byRun(Run),
  completions: byRun(Completion),
  chunkRecords: byRun(ChunkRecord),
  leases: byRun(Lease),
  exportRequests: byRun(ExportRequest),
  trials: byRun(TrialRecord),
  tombstones: byKind(Tombstone),
  erasures: byKind(Erasure),
  cacheEpochs: byId('config', CacheEpoch),
  placements: byId('config', PlacementSettings),
  tunedTraining: byId('config', TunedTraining),
  batchSchedule: byId('config', BatchSchedule),
  runTimeSettings: byId('config', RunTimeSettings),
  batchScheduleState: byId('config', BatchScheduleState),
  keptRequests: byId('requests', KeptRequest),
  usageDays: byId('usage', UsageDay),
  budgetStates: byId('config', BudgetState),
  serviceKeys: byId('config', ServiceKeys),
} as const
