import type { Item } from '../schemas/catalogue.ts'
import type { SourceName } from '../schemas/placements.ts'
import type { Rung } from '../schemas/rung.ts'
import type { Evidence } from '../sources/evidence.ts'

/** What one source adds to an item's score. */
export interface Contribution {
  source: SourceName
  /** As the source gave it, relative to its best. */
  score: number
  /** After calibration, times the source's weight. */
  added: number
  evidence: Evidence
}

/** An item on its way to a list. */
export interface Recommendation {
  itemId: string
  item: Item
  /** 1 for the best of its rung. */
  score: number
  rung: Rung
  /** What speaks for it most: its reason. */
  evidence: Evidence
  /** Largest first. */
  contributions: readonly Contribution[]
  /** Boosts that hold for it: its score is multiplied by their factors. */
  boosts?: readonly { name: string; factor: number }[]
  /** Probability with which it is listed at its place; 1 where nothing is left to chance. */
  propensity: number
}
