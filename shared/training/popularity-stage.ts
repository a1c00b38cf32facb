import { type Stage, stage } from '../runs/stage.ts'
import { type PopularityValue, popularityId } from '../schemas/published.ts'
import { catalogueItems } from './catalogue-items.ts'
import { readItemIds, readMoments, readSummary, writePopularity } from './dataset-blobs.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { recentPopularity } from './recent-popularity.ts'

/** Purchases -> decayed popularity of the shop and of each category (M11). */
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
      await writeList(context, 'popularity', 0, [...lists])
      return { lists: lists.size }
    },
  })
