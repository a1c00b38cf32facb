/** Why a refresh fits all factors anew instead of adding what changed to the model there is. */
type RefitReason = 'first' | 'asked' | 'parameters' | 'age' | 'interactions' | 'items' | 'overlap'

type Decision = { type: 'refit'; reason: RefitReason } | { type: 'increment'; scope: Scope }

/**
 * What an increment makes besides popularity: `changed` the lists of users who changed, `lists` those of all users and
 * the neighbours of items, `everything` the rules too.
 */
export const scopes = ['changed', 'lists', 'everything'] as const
type Scope = (typeof scopes)[number]

/** The model that is live: what it was fitted with and when, and how far the shop has moved since. */
export interface LiveModel {
  /** When its factors were last fitted as a whole, ms since 1970. */
  fittedAt: number
  /** When the lists of all users were last made, ms since 1970. */
  allListsAt: number
  /** True while factors, weights and seed are what the settings say. */
  sameParameters: boolean
  /** No run since began to write lists that never went live, and none was taken back. */
  newestPublished: boolean
  /** Interactions that are not those of the last fit, as a share of them. */
  newInteractionsShare: number
  /** Items that the last fit did not know, as a share of all items. */
  newItemsShare: number
  /** Of users who did nothing since, how much of the best ten stays when they are folded in now; 0 to 1 once known. */
  overlap: number | undefined
}

export interface RefitOptions {
  afterMs: number
  refreshAllMs: number
  newInteractionsShare: number
  newItemsShare: number
  overlapMin: number
}

/**
 * Full fit or increment. A fit when there is no model, when asked, when the parameters are others, when the last fit is
 * old, or when the shop has drifted away from it. Lists of all users are made when the oldest are too old; everything that
 * is published is, when documents may hold some of a generation that is not the live one.
 */
export function decideRefit(of: {
  asked: boolean
  live: LiveModel | undefined
  now: number
  options: RefitOptions
}): Decision {
  const { asked, live, now, options } = of
  if (!live) return { type: 'refit', reason: 'first' }
  if (asked) return { type: 'refit', reason: 'asked' }
  if (!live.sameParameters) return { type: 'refit', reason: 'parameters' }
  if (now - live.fittedAt >= options.afterMs) return { type: 'refit', reason: 'age' }
  if (live.newInteractionsShare > options.newInteractionsShare) return { type: 'refit', reason: 'interactions' }
  if (live.newItemsShare > options.newItemsShare) return { type: 'refit', reason: 'items' }
  if (live.overlap !== undefined && live.overlap < options.overlapMin) return { type: 'refit', reason: 'overlap' }
  if (!live.newestPublished) return { type: 'increment', scope: 'everything' }
  return { type: 'increment', scope: now - live.allListsAt >= options.refreshAllMs ? 'lists' : 'changed' }
}
