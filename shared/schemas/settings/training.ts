import { z } from 'zod'
import { prices } from '../prices.ts'
import { count, number, positive, weight } from './setting.ts'

/** What a refresh run is tuned by. How the defaults were chosen: docs/pipeline.md. */
export const TrainingSettings = z.object({
  /** Item popularity halves in this many hours without interactions (M18). */
  POPULARITY_HALF_LIFE_HOURS: number(72, positive),
  /** Purchases count half in training after this many days (F13). */
  RECENCY_HALF_LIFE_DAYS: number(30, positive),
  /** Share of recent popularity, beside taste, in what personal lists are ranked by. */
  POPULARITY_SHARE: number(0.3, weight.max(1, { error: 'must be 1 or less' })),
  /** Shares of rating, purchase, recency and quantity in an interaction's strength (F13). */
  WEIGHT_RATING: number(0.4, weight),
  WEIGHT_PURCHASE: number(0.1, weight),
  WEIGHT_RECENCY: number(0.8, weight),
  WEIGHT_QUANTITY: number(0.1, weight),

  ALS_FACTORS: number(32, count),
  ALS_ITERATIONS: number(10, count),
  ALS_REGULARIZATION: number(6, positive),
  /** 0 regularizes all users and items alike, 1 in proportion to their interactions. */
  ALS_REGULARIZATION_EXPONENT: number(0, weight),
  ALS_ALPHA: number(3, positive),
  ALS_SEED: number(1, count),

  /** Share of the item-item linear model beside ALS in taste. */
  ITEM_LINEAR_SHARE: number(0, weight.max(1, { error: 'must be 1 or less' })),
  ITEM_LINEAR_NEIGHBOURS: number(200, count.max(500)),
  /** Its exponents of a user's, of the item one has and of the item told: what has many interactions weighs less. */
  ITEM_LINEAR_USER_EXPONENT: number(0.5, weight.max(2)),
  ITEM_LINEAR_FROM_EXPONENT: number(0.4, weight.max(2)),
  ITEM_LINEAR_TO_EXPONENT: number(0.3, weight.max(2)),

  RULES_MIN_SUPPORT: number(0.002, positive.max(1)),
  RULES_MIN_CONFIDENCE: number(0.1, positive.max(1)),
  /** A rule below 1 predicts worse than chance. */
  RULES_MIN_LIFT: number(1, weight),
  /** Items of both sides together; the right side is one. */
  RULES_MAX_LENGTH: number(4, count.min(2, { error: 'must be 2 or more' }).max(10)),

  /** Items kept per user list and per neighbour list. */
  LIST_SIZE: number(100, count.max(500)),
  NEIGHBOURS_SIZE: number(50, count.max(200)),

  /** Words of names and descriptions, those that most products hold, by which products are alike (F08). */
  CONTENT_TERMS: number(500, count.max(10_000)),
  /** Groups of users who behave alike (F04): fewer in a shop of less than 20 users for each; 0 for none. */
  SEGMENTS: number(6, z.number({ error: 'must be a number' }).int().min(0).max(50)),
  /** Users, the last to be here, among whom those like a visitor are looked for; instances hold their latest items in memory. */
  USER_NEIGHBOURS_SAMPLE: number(100_000, z.number({ error: 'must be a number' }).int().min(0).max(1_000_000)),

  /** A refresh fits all factors anew when the last such fit is this old, and else adds what changed: docs/pipeline.md. */
  REFIT_AFTER_DAYS: number(7, positive),
  /** So does one that finds this share of interactions, or of items, to be news to the last fit … */
  REFIT_INTERACTIONS_SHARE: number(0.2, positive.max(1)),
  REFIT_ITEMS_SHARE: number(0.1, positive.max(1)),
  /** … or that so little of the best ten stays for users who did nothing since. */
  REFIT_OVERLAP_MIN: number(0.5, weight.max(1, { error: 'must be 1 or less' })),
  /** Lists of users without new events are made again when the oldest have this age. */
  REFRESH_ALL_HOURS: number(24, positive),

  /** Memory one instance has: chunks are cut so that they fit in it. */
  MEMORY_MB: number(2048, count.min(512, { error: 'must be 512 or more' })),
  /** How long a chunk is to run; longer work is cut into several, which as many instances can take. */
  CHUNK_SECONDS: number(60, positive.max(600, { error: 'must be 600 or less' })).meta({ runTime: true }),

  /** Published lists are read and compared at least so often, whatever is known of them. */
  PUBLISH_VERIFY_DAYS: number(7, positive),
  /** What a million request units cost, in US dollars: Cosmos serverless as listed in 2026; 0 for provisioned ones. */
  RU_DOLLARS_PER_MILLION: number(prices.cosmos.serverlessMillionRequestUnits, weight),
})
export type TrainingSettings = z.infer<typeof TrainingSettings>
