import type { EventType } from '../schemas/interaction.ts'

/** Why a source proposes an item, in what is true of it: reasons are told from this and nothing else. */
export type Evidence =
  /** The user's vector; which past items it comes from is worked out when asked (Hu, Koren, Volinsky, section 5). */
  | { type: 'taste' }
  /** A neighbour of an item: one of the page or the cart, or one the user did something with. */
  | { type: 'neighbour'; by: 'factors' | 'purchases' | 'views'; of: string; similarity: number; did?: EventType }
  /** Other users who share these items. */
  | { type: 'users'; users: number; shared: readonly string[] }
  /** Terms in common, with what each adds to the score: with an item, or with what the user prefers. */
  | { type: 'content'; terms: readonly (readonly [term: string, added: number])[]; of?: string }
  | { type: 'rule'; lhs: readonly string[]; support: number; confidence: number; lift: number }
  | { type: 'viewed'; at: number }
  | { type: 'bought'; at: number; times: number; intervalDays: number }
  | { type: 'segment'; name: string }
  | { type: 'category'; category: string }
  | { type: 'trending' }
  | { type: 'exploration' }
  | { type: 'search'; position: number }
  | { type: 'pinned'; name?: string }
  /** Nothing speaks for it but that it can be had. */
  | { type: 'catalogue' }
