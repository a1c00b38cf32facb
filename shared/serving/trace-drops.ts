import type { Placement } from '../schemas/placements.ts'
import type { ListTrace } from './list-trace.ts'
import { quotaGroup } from './ranked-list.ts'
import type { Recommendation } from './recommendation.ts'

/** Notes why each item that was proposed and might be listed is not, once the list is made. */
export function traceDrops(
  trace: ListTrace,
  of: {
    /** Best first. */
    proposals: readonly Recommendation[]
    /** With what a next page would begin with. */
    list: readonly Recommendation[]
    items: readonly Recommendation[]
    placement: Pick<Placement, 'diversity' | 'quota'>
    isCapped: (itemId: string) => boolean
  },
): void {
  const { proposals, list, items, isCapped } = of
  const { quota, diversity } = of.placement
  const listed = new Set(items.map(({ itemId }) => itemId))
  const limit = items.length
  const groupOf = quotaGroup(quota)
  const used = new Map<string | undefined, number>()
  for (const { item } of items) used.set(groupOf(item), (used.get(groupOf(item)) ?? 0) + 1)
  const isQuotaUsed = (group: string | undefined) => group !== undefined && (used.get(group) ?? 0) >= (quota?.max ?? 0)
  for (const [index, { itemId, item }] of proposals.entries()) {
    if (listed.has(itemId)) continue
    const group = groupOf(item)
    if (isCapped(itemId)) trace.drop(itemId, { stage: 'frequency_cap', detail: 'Was shown often lately, and ignored' })
    else if (quota && isQuotaUsed(group)) {
      const detail = `There are ${quota.max} of ${quota.by} ${group} on the list already`
      trace.drop(itemId, { stage: 'quota', detail })
    } else if (index < limit && diversity < 1) {
      const detail = `It is number ${index + 1} by score, but much like others on the list`
      trace.drop(itemId, { stage: 'diversity', detail })
    }
  }
  for (const [place, { itemId }] of list.entries()) {
    if (listed.has(itemId)) continue
    const detail =
      place < limit ? `Chance has its place, ${place + 1}` : `It is number ${place + 1} of a list of ${limit}`
    trace.drop(itemId, { stage: place < limit ? 'displaced' : 'limit', detail })
  }
  for (const [index, { itemId }] of proposals.entries()) {
    if (listed.has(itemId)) continue
    trace.drop(itemId, { stage: 'limit', detail: `It is number ${index + 1} by score of a list of ${limit}` })
  }
}
