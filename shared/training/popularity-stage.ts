import { topN } from '../algorithms/top-n.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import type { ItemId } from '../schemas/ids.ts'
import { type PopularityValue, popularityId, segmentPopularityId } from '../schemas/published.ts'
import { catalogueItems } from './catalogue-items.ts'
import { readItemIds, readMoments, readSummary, writePopularity } from './dataset-blobs.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { recentPopularity } from './recent-popularity.ts'
import { findSegments } from './segments-stage.ts'

/** Purchases -> decayed popularity of the shop, of each category (M11) and of each segment (F04). */
export const popularityStage = (options: Pick<TrainingOptions, 'popularityHalfLifeMs' | 'listSize'>): Stage =>
  stage({
    name: 'popularity',
    weight: 2,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const { until } = await readSummary(context)
      const items = await readItemIds(context)
      const at = until * 1000
      const halfLifeMs = options.popularityHalfLifeMs
      const values = recentPopularity(await readMoments(context, 'sales'), { items: items.length, until, halfLifeMs })
      await writePopularity(context, values)
      const catalogue = await catalogueItems(context.ports.documents)
      const ranked = Array.from(items.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
      const lists = new Map<string, PopularityValue>()
      for (const item of ranked) {
        const name = items[item]
        if (name === undefined) continue
        const category = catalogue.get(name)?.category
        for (const id of [popularityId(), ...(category === undefined ? [] : [popularityId(category)])]) {
          const list = lists.get(id) ?? { at, items: [] }
          lists.set(id, list)
          if (list.items.length < options.listSize) {
            list.items.push([name, Number((values[item] ?? 0).toPrecision(4))])
          }
        }
      }
      for (const [id, list] of await bySegment({ items, until, at }, options, context)) lists.set(id, list)
      await writeList(context, 'popularity', 0, [...lists])
      return { lists: lists.size }
    },
  })

/** What the users of each segment buy lately, by the id of its list. */
async function bySegment(
  { items, until, at }: { items: readonly ItemId[]; until: number; at: number },
  { popularityHalfLifeMs: halfLifeMs, listSize }: Pick<TrainingOptions, 'popularityHalfLifeMs' | 'listSize'>,
  context: StageContext,
): Promise<Map<string, PopularityValue>> {
  const lists = new Map<string, PopularityValue>()
  const segmentOf = await findSegments(context)
  if (!segmentOf) return lists
  const sales = await readMoments(context, 'sales')
  const salesOf = Map.groupBy(sales.user.keys(), sale => segmentOf(sales.user[sale]!))
  for (const [key, own] of salesOf) {
    if (key === undefined) continue
    const values = recentPopularity(
      { item: own.map(sale => sales.item[sale]!), at: own.map(sale => sales.at[sale]!) },
      { items: items.length, until, halfLifeMs },
    )
    const best = topN(Float32Array.from(values), Math.min(listSize, items.length))
    const listed = Array.from(best.indices, (item): [ItemId, number] => [
      items[item]!,
      Number((values[item] ?? 0).toPrecision(4)),
    ])
    lists.set(segmentPopularityId(key), { at, items: listed.filter(([, value]) => value > 0) })
  }
  return lists
}
