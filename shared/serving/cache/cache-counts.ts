/** How much of an instance's memory a cache may take. */
export interface CacheLimits {
  entriesMax: number
  bytesMax: number
  countRead?: CountRead
}

/** Whoever counts reads: those answered from memory, and those that were not. */
export type CountRead = (outcome: 'hit' | 'miss') => void

/** How a cache did since the instance began, and what it holds. */
export interface CacheCounts {
  hits: number
  misses: number
  /** Asked for while it was being read for somebody else. */
  coalesced: number
  evictions: number
  entries: number
  bytes: number
}
