import { Placement, type PlacementName } from '../schemas/placements.ts'

/** Where weights come from: docs/quality.md, "The defaults". */
const fromTaste = [
  { source: 'als', weight: 1 },
  { source: 'fold_in', weight: 1 },
] as const
const fromPurchases = [
  { source: 'item_neighbours', weight: 0.6 },
  { source: 'copurchase', weight: 0.4 },
] as const
/** Beside taste and what was just done, what like-minded users have and what is alike by its words. */
const fromOthers = [
  { source: 'user_neighbours', weight: 0.2, candidates: 50 },
  { source: 'content', weight: 0.1, candidates: 50 },
] as const
/** Each finds something that the others do not. */
const fromCarts = [
  { source: 'user_neighbours', weight: 1 },
  { source: 'copurchase', weight: 0.7 },
  { source: 'rules', weight: 0.7 },
  { source: 'content', weight: 0.4 },
] as const

/** How lists are made where a shop has set nothing else. */
export const defaultPlacements: Readonly<Record<PlacementName, Placement>> = {
  home: Placement.parse({ sources: [...fromTaste, ...fromPurchases, ...fromOthers] }),
  similar: Placement.parse({ sources: fromPurchases, backfill: ['category', 'trending'], include_bought: true }),
  bought_together: Placement.parse({
    ...{ sources: fromCarts, backfill: ['item_neighbours', 'category', 'trending'] },
  }),
  also_viewed: Placement.parse({
    ...{ sources: [{ source: 'also_viewed', weight: 1 }], include_bought: true },
    backfill: ['item_neighbours', 'copurchase', 'category', 'trending'],
  }),
  cart: Placement.parse({
    ...{ sources: fromCarts, backfill: ['category', 'trending'] },
    rule_boost: 0.3,
  }),
  checkout: Placement.parse({
    ...{ sources: fromCarts, backfill: ['category', 'trending'], rule_boost: 0.3 },
  }),
  category: Placement.parse({
    sources: [...fromTaste, { source: 'category', weight: 0.5 }],
  }),
  search: Placement.parse({ sources: fromTaste, backfill: [], include_bought: true }),
  email: Placement.parse({ sources: [...fromTaste, ...fromOthers] }),
}
