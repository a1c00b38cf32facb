import type { AlsParameters } from '../algorithms/als-parameters.ts'
import type { Csr } from '../algorithms/csr.ts'
import type { TrainingOptions } from '../training/options.ts'
import type { Sales } from '../training/recent-popularity.ts'

export const algorithms = ['sidecart', 'als', 'popularity', 'popularity-7-days', 'item-als', 'copurchase'] as const
export type Algorithm = (typeof algorithms)[number]

export interface RecommenderParameters extends AlsParameters {
  seed: number
  /** Neighbours kept per item, for item-als and copurchase. */
  neighbours: number
  /** Users that must share a pair of items, for copurchase. */
  minCount: number
  /** Threads to compute on, 1 unless told; results do not depend on them. */
  threads?: number
  /** What the app trains with, for sidecart. */
  training: TrainingOptions
}

/** What is learned from. */
export interface TrainingSet {
  /** Feedback strengths, shape (users, items). */
  train: Csr
  /** Every purchase; where nothing tells what an interaction is, every interaction. */
  sales: Sales & { user: ArrayLike<number> }
  /** The last moment, in seconds since 1970; undefined when nothing tells times. */
  until: number | undefined
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
