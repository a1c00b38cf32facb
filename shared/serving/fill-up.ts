import type { Placement, SourceName } from '../schemas/placements.ts'
import type { Ask } from '../sources/source.ts'
import type { ListTrace } from './list-trace.ts'
import { quotaGroup } from './ranked-list.ts'
import type { Recommendation } from './recommendation.ts'

export interface FillUp {
  /** How many the list is to have. */
  wanted: number
  /** What stands on it anyway, and counts for no quota. */
  taken: ReadonlySet<string>
  placement: Pick<Placement, 'quota'>
  isCapped: (itemId: string) => boolean
  /** Whether it may be on the list at all. */
  isEligible: (each: Recommendation) => boolean
  /** Asked one after another for what is missing; later ones are not even asked when earlier ones fill the list. */
  backfill: readonly SourceName[]
  ask: Ask
  read: (source: SourceName, ask: Ask, trace?: ListTrace) => Promise<readonly Recommendation[]>
}

/**
 * A list of `wanted` items, as long as there are so many that may be listed: first of the ranked ones, then of the backfill, within
 * the quota and without what was shown too often; while it is short then beyond the quota, and at last what was shown often.
 */
export async function filledUp(
  ranked: readonly Recommendation[],
  options: FillUp,
  trace?: ListTrace,
): Promise<Recommendation[]> {
  const { wanted, placement, isCapped } = options
  const list = new GrowingList(options)
  const limits: Limits[] = [{ withinQuota: true, capped: false }]
  if (placement.quota) limits.push({ withinQuota: false, capped: false })
  // Nothing was kept back as capped when nothing is: asking for it again would read in vain.
  if (isCapped !== never) limits.push({ withinQuota: false, capped: true })
  for (const limit of limits) {
    if (list.length >= wanted) break
    for (const each of ranked) list.add(each, limit)
    await backfill(list, { ...options, limit }, trace)
  }
  return list.items
}

/** Of a placement without a cap. */
export const never = (): boolean => false

interface Limits {
  withinQuota: boolean
  /** Whether what was shown too often may come. */
  capped: boolean
}

async function backfill(
  list: GrowingList,
  { backfill: sources, ask, read, wanted, limit }: FillUp & { limit: Limits },
  trace: ListTrace | undefined,
): Promise<void> {
  for (const source of sources) {
    let isWorthwhile = list.length < wanted
    while (isWorthwhile) {
      const before = list.length
      const isWanted: Ask['isWanted'] = (itemId, more) => list.isOpen(itemId, limit) && ask.isWanted(itemId, more)
      const found = await read(source, { ...ask, isWanted }, trace)
      for (const each of found) list.add(each, limit)
      // What was added may have used up a quota: without its group the source may have more.
      const added = list.length - before
      isWorthwhile = limit.withinQuota && added > 0 && added < found.length && list.length < wanted
    }
  }
}

/** The list so far: each item once, at most `wanted`, and how much of each quota is used. */
class GrowingList {
  readonly items: Recommendation[] = []
  readonly #options: FillUp
  readonly #taken: Set<string>
  readonly #groupOf: ReturnType<typeof quotaGroup>
  readonly #used = new Map<string, number>()

  constructor(options: FillUp) {
    this.#options = options
    this.#taken = new Set(options.taken)
    this.#groupOf = quotaGroup(options.placement.quota)
  }

  get length(): number {
    return this.items.length
  }

  add(each: Recommendation, limit: Limits): void {
    const { wanted, isEligible } = this.#options
    if (this.length >= wanted || !this.isOpen(each.itemId, limit) || !isEligible(each)) return
    this.items.push(each)
    this.#taken.add(each.itemId)
    const group = this.#groupOf(each.item)
    if (group !== undefined) this.#used.set(group, (this.#used.get(group) ?? 0) + 1)
  }

  /** Whether the item is not on it yet and within the limits. */
  isOpen(itemId: string, { withinQuota, capped }: Limits): boolean {
    const { ask, isCapped, placement } = this.#options
    if (this.#taken.has(itemId) || (!capped && isCapped(itemId))) return false
    if (!withinQuota || !placement.quota) return true
    const item = ask.items.get(itemId)
    const group = item && this.#groupOf(item)
    return group === undefined || (this.#used.get(group) ?? 0) < placement.quota.max
  }
}
