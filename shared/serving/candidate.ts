import type { Item } from '../schemas/catalogue.ts'

/** The steps of the ladder, best first: a list is filled from the first that has something, then from the next. */
const rungs = ['personal', 'similar', 'recent', 'category', 'trending'] as const
export type Rung = (typeof rungs)[number]

export interface Reason {
  /** From a small closed set, for machines. */
  code: 'personal' | 'recent' | 'similar' | 'popular_in_category' | 'trending' | 'rule'
  /** For people. */
  text: string
}

/** An item that may be recommended; the score is 0 to 1 and comparable within its rung only. */
export interface Candidate {
  itemId: string
  score: number
  reason: Reason
}

/** An item on a list. */
export interface Recommendation extends Candidate {
  item: Item
  rung: Rung
}

/** What a caller asks of a list. */
export interface ListRequest {
  limit: number
  category?: string | undefined
  minScore?: number | undefined
}
