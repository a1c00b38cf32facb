import type { AlsParameters } from '../algorithms/als-parameters.ts'
import type { contentFeatures } from '../algorithms/content-features.ts'
import type { Csr } from '../algorithms/csr.ts'
import type { TrainingOptions } from '../training/options.ts'
import type { Sales } from '../training/recent-popularity.ts'

export const algorithms = [
  ...(['sidecart', 'personal', 'als', 'item-linear', 'item-als', 'copurchase', 'also-viewed', 'rules'] as const),
  ...(['user-neighbours', 'content', 'buy-again', 'trending', 'popularity', 'popularity-7-days'] as const),
] as const
export type Algorithm = (typeof algorithms)[number]

export interface RecommenderParameters extends AlsParameters {
  seed: number
  /** Neighbours kept per item, for item-als and copurchase. */
  neighbours: number
  /** Users that must share a pair of items, for copurchase. */
  minCount: number
  /** Threads to compute on, 1 unless told; results do not depend on them. */
  threads?: number
  /** What the app trains with, for sidecart and its sources. */
  training: TrainingOptions
  /** What sidecart blends, and how much each weighs; who comes first wins a tie. */
  weights: SourceWeights
}

/** Sources by name with weights above 0. */
export type SourceWeights = readonly (readonly [source: Algorithm, weight: number])[]

/** What is learned from. */
export interface TrainingSet {
  /** Feedback strengths, shape (users, items). */
  train: Csr
  /** Every purchase; where nothing tells what an interaction is, every interaction. */
  sales: Sales & { user: ArrayLike<number> }
  /** The last moment, in seconds since 1970; undefined when nothing tells times. */
  until: number | undefined
  /** When each entry of `train` was last added to, in seconds since 1970; absent where nothing tells times. */
  times?: Uint32Array
  /** What is told of each item; absent where nothing is. */
  content?: Parameters<typeof contentFeatures>[0]
  /** What is known of those that lists are made for, shape (users, items); absent where that is `train`. */
  histories?: Csr
  /** What was bought together, shape (orders, items); absent where nothing tells orders: a user is one basket then. */
  baskets?: Csr
  /** What was looked at, shape (users, items); absent where nothing was. */
  views?: Csr
  /** All that a user's list may hold, shape (users, items), had before or not; absent where it is the whole catalogue. */
  wanted?: Csr
  /** Whether lists may hold what a user had before. */
  repeats?: boolean
}

/** A trained algorithm under test. */
export interface Recommender {
  algorithm: Algorithm
  /** Those of the parameters that it was trained with. */
  parameters: Readonly<Record<string, unknown>>
  /** Writes a score for every item, shape (items); false when the algorithm knows nothing of the user. */
  scoreItems: (user: number, scores: Float32Array) => boolean
  /** Where scores are computed for many users together: to be called for at most so many before they are scored. */
  batch?: { users: number; prepare: (users: readonly number[]) => Promise<void> }
  /** Gives back what scoring takes, where it takes anything. */
  close?: () => Promise<void>
}
