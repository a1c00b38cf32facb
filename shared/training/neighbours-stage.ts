import { decodeFactors } from '../algorithms/als.ts'
import { coPurchaseNeighbours, cosineNeighbours, type Neighbours } from '../algorithms/similarity.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { ItemId } from '../schemas/ids.ts'
import type { ItemNeighboursValue, ScoredItem } from '../schemas/published.ts'
import { readItemIds, readMatrix, readSummary } from './dataset-blobs.ts'
import { readFactors } from './factors-stage.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { Range, ranges } from './ranges.ts'
import { scored } from './scored.ts'

const itemsPerChunk = 5_000
/** A pair bought together only once is chance. */
const coPurchasesMin = 2

/** Item factors and baskets -> each item's neighbours by cosine of factors (M04) and by co-purchase (M05). */
export const neighboursStage = (options: Pick<TrainingOptions, 'neighboursSize'>): Stage =>
  stage({
    name: 'neighbours',
    weight: 10,
    parse: raw => Range.parse(raw),
    plan: async context => ranges((await readSummary(context)).items, itemsPerChunk),
    run: async (range, context) => {
      const items = await readItemIds(context)
      const { itemFactors, factors } = decodeFactors(await readFactors(context))
      const k = options.neighboursSize
      const als = cosineNeighbours({ itemFactors, factors, items: items.length, k, ...range })
      const baskets = await readMatrix(context, 'baskets')
      const copurchase = coPurchaseNeighbours({ baskets, k, minCount: coPurchasesMin, ...range })
      const list: [string, ItemNeighboursValue][] = []
      for (let item = range.from; item < range.to; item++) {
        const name = items[item]
        if (name !== undefined)
          list.push([name, { als: row(als, item, items), copurchase: row(copurchase, item, items) }])
      }
      await writeList(context, 'itemNeighbours', range.from, list)
      return { items: list.length }
    },
  })

function row(
  { k, from, counts, items: found, scores }: Neighbours,
  item: number,
  names: readonly ItemId[],
): ScoredItem[] {
  const start = (item - from) * k
  return scored(start, counts[item - from] ?? 0, { found, scores, names })
}
