import { contentFeatures } from '../algorithms/content-features.ts'
import { encodeCsr, transpose } from '../algorithms/csr.ts'
import { encodeNameList, nameListOf } from '../algorithms/name-list.ts'
import { type Stage, stage } from '../runs/stage.ts'
import { catalogueItems } from './catalogue-items.ts'
import { keep } from './increment/keep-model.ts'
import { leaveIndex } from './indexes-stage.ts'
import { readItemTexts } from './item-texts.ts'
import type { TrainingOptions } from './options.ts'

/**
 * The catalogue -> every product as a row of features (F08, F09, M07), for instances to hold in memory; so what is new can be
 * proposed before anybody had to do with it.
 */
export const contentStage = (options: Pick<TrainingOptions, 'contentTerms'>): Stage =>
  stage({
    name: 'content',
    weight: 3,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const products = [...(await catalogueItems(context.ports.documents)).values()]
      products.sort((a, b) => (a.id < b.id ? -1 : 1))
      const ids = products.map(({ id }) => id)
      const texts = await readItemTexts(ids, context)
      const { features, rows } = contentFeatures(
        products.map(({ name, category, brand, tags, price }, place) => {
          return { text: `${name} ${texts[place]?.description ?? ''}`, category, brand, tags, price }
        }),
        { termsMax: options.contentTerms },
      )
      const content = {
        items: await keep(encodeNameList(nameListOf(ids)), context),
        features: await keep(encodeNameList(nameListOf(features)), context),
        rows: await keep(encodeCsr(rows), context),
        itemsOf: await keep(encodeCsr(transpose(rows)), context),
      }
      await leaveIndex('content', { content }, context)
      return { items: ids.length, features: features.length, entries: rows.indices.length }
    },
  })
