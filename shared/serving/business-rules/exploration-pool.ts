import type { Item } from '../../schemas/catalogue.ts'
import type { Placement } from '../../schemas/placements.ts'
import { type EligibilityOptions, eligibility } from './eligibility.ts'
import type { Pool } from './exploration.ts'
import { placementRules } from './placement-rules.ts'

/** What may be listed of a catalogue by everything but what is known of the user. */
type SharedPool = Omit<Pool, 'without'>

/** Kinds of requests whose pools of one catalogue and configuration are kept. */
const poolsMax = 20
const hourMs = 3_600_000
const pools = new WeakMap<ReadonlyMap<string, Item>, WeakMap<Placement, Map<string, SharedPool>>>()

/**
 * All that chance may draw from: made once for a catalogue, a configuration and requests of one kind, and at most an hour old where
 * windows or the hour of the day decide.
 * @param of.filterText tells requests with different filters apart
 */
export function explorationPool(
  placement: Placement,
  of: Pick<EligibilityOptions, 'items' | 'about' | 'wanted'> & { filterText: string | undefined },
): SharedPool {
  const { items, about, wanted, filterText } = of
  const { filter: _, ...limits } = wanted
  const key = JSON.stringify([{ ...about, nowMs: Math.floor(about.nowMs / hourMs) }, limits, filterText])
  const ofItems = pools.get(items) ?? new WeakMap<Placement, Map<string, SharedPool>>()
  pools.set(items, ofItems)
  const ofPlacement = ofItems.get(placement) ?? new Map<string, SharedPool>()
  ofItems.set(placement, ofPlacement)
  const known = ofPlacement.get(key)
  if (known) return known
  const check = eligibility({
    ...{ items, about, wanted, rules: placementRules(placement), includeBought: true },
    ...{ bought: nothing, disliked: nothing, onThePage: nothing },
  })
  const has = (itemId: string) => check(itemId) === undefined
  const pool = { items: [...items.keys()].filter(has), has }
  if (ofPlacement.size >= poolsMax) ofPlacement.clear()
  ofPlacement.set(key, pool)
  return pool
}

const nothing: ReadonlySet<string> = new Set()
