import type { PlacementName, SourceName } from '../schemas/placements.ts'

/** What a caller asks of a list. */
export interface ListRequest {
  placement: PlacementName
  limit: number
  userId?: string | undefined
  /** The visitor's session: what was done in it counts beside what the user did. */
  sessionId?: string | undefined
  /** The item of the page, or those of the cart, the latest first; of a search, what it found, in its order. */
  items?: readonly string[] | undefined
  category?: string | undefined
  brand?: string | undefined
  priceMin?: number | undefined
  priceMax?: number | undefined
  /** Where the list is shown, and to whom; limits of items are held against them. */
  channel?: string | undefined
  region?: string | undefined
  /** In years. */
  age?: number | undefined
  country?: string | undefined
  device?: string | undefined
  /** A filter expression: docs/placements.md. */
  filter?: string | undefined
  /** Least score, relative to the best of its rung. */
  minScore?: number | undefined
  /** Only these of the placement's sources, in their place where it has none of them. */
  sources?: readonly SourceName[] | undefined
  /** What the conversation has shown already. */
  isSeen?: ((itemId: string) => boolean) | undefined
  /** How many items its earlier pages had. */
  shownBefore?: number | undefined
  /** What chance is drawn from. */
  seed: string
}
