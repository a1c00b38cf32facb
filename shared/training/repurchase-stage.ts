import { encodeRepurchase, repurchase } from '../algorithms/repurchase.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { catalogueItems } from './catalogue-items.ts'
import { readItemIds, readMoments, readSummary } from './dataset-blobs.ts'
import { keep } from './increment/keep-model.ts'
import { leaveIndex } from './indexes-stage.ts'

/** Purchases -> when each item is bought again, for instances to hold in memory; nothing where nobody bought anything again. */
export const repurchaseStage: Stage = stage({
  name: 'repurchase',
  weight: 2,
  parse: () => ({}),
  plan: async () => [{}],
  run: async (_, context) => {
    const { users } = await readSummary(context)
    const ids = await readItemIds(context)
    const catalogue = await catalogueItems(context.ports.documents)
    const numbers = new Map<string | undefined, number>()
    const categoryOf = ids.map(id => {
      const category = catalogue.get(id)?.category
      const number = numbers.get(category) ?? numbers.size
      numbers.set(category, number)
      return number
    })
    const shape = { users, items: ids.length, categoryOf, categories: numbers.size }
    const made = repurchase(await readMoments(context, 'sales'), shape)
    if (!made) return { items: 0 }
    await leaveIndex('repurchase', { repurchase: await keep(encodeRepurchase(made), context) }, context)
    return { items: ids.length, spread: made.spread }
  },
})
