import { featureOf, priceLevels } from '../algorithms/content-features.ts'
import { addToQuery } from '../algorithms/content-scores.ts'
import { contentStage } from '../training/content-stage.ts'
import { queryItems } from './query-items.ts'
import type { ServedContent } from './served-model.ts'
import type { Ask, Candidate, Source } from './source.ts'
import { wantedOfPool } from './wanted-of-pool.ts'

/** Items that a list is made from. */
const itemsMax = 10
/** What a user told counts as much as one purchase. */
const preferencesWeight = 1

/**
 * Items alike by what is told of them (M07): to those of the page or the cart; else to what the user had to do with lately and
 * told to prefer (M12). Finds products that nobody had to do with yet, too.
 */
export const content: Source = {
  name: 'content',
  rung: 'session',
  build: options => [contentStage(options)],
  read: async ask => {
    const index = ask.live && ask.reads.model(ask.live)?.indexes?.content
    if (!index) return []
    const { query, from, preferred } = queryOf(ask, index)
    const idOf = (row: number): string => index.items[row] ?? ''
    const own = new Set(from)
    const wanted = wantedOfPool(ask)
    const isWanted = (row: number): boolean => !own.has(idOf(row)) && wanted(idOf(row))
    const found = index.nearest(query, { n: ask.n, isWanted })
    const best = found[0]?.score ?? 1
    const [only] = from.length === 1 && !preferred ? from : []
    return found.map(({ item, score, added }): Candidate => {
      const terms = added.map(([feature, value]): [string, number] => [index.features[feature] ?? '', value])
      const of = only === undefined ? {} : { of: only }
      return { itemId: idOf(item), score: score / best, evidence: { type: 'content', terms, ...of } }
    })
  },
}

/** What is looked for, and the items it is made from. */
function queryOf(
  ask: Ask,
  index: ServedContent,
): { query: Map<number, number>; from: readonly string[]; preferred: boolean } {
  const hasSeeds = ask.seeds.length > 0
  const query = new Map<number, number>()
  const from: string[] = []
  for (const { itemId, weight } of queryItems(ask, { max: itemsMax, seedsOnly: hasSeeds })) {
    const row = index.rowOf.get(itemId)
    if (row === undefined) continue
    from.push(itemId)
    addToQuery(query, index.rows, row, weight)
  }
  const preferences = hasSeeds ? new Map<number, number>() : preferredFeatures(ask, index)
  for (const [feature, value] of preferences) query.set(feature, (query.get(feature) ?? 0) + preferencesWeight * value)
  return { query, from, preferred: preferences.size > 0 }
}

/** Categories, brands, tags and prices that the user told, as a row of length 1 over those that the shop has. */
function preferredFeatures({ user }: Ask, { features, featureOf: columnOf }: ServedContent): Map<number, number> {
  const { preferences } = user
  if (!preferences) return new Map()
  const { categories, brands, tags, price_min: min, price_max: max } = preferences
  const names = [...categories.map(featureOf.category), ...brands.map(featureOf.brand), ...tags.map(featureOf.tag)]
  const columns = names.flatMap(name => columnOf.get(name) ?? [])
  const prices = min === undefined && max === undefined ? [] : levelsBetween(features, { min, max })
  const all = [...new Set([...columns, ...prices])]
  return new Map(all.map(column => [column, 1 / Math.sqrt(all.length)]))
}

/** The price levels of the shop from that of the lowest to that of the highest price. */
function levelsBetween(
  features: readonly string[],
  { min = 0, max = Number.POSITIVE_INFINITY }: { min: number | undefined; max: number | undefined },
): number[] {
  const levelOf = (feature: string): number => Number(feature.slice(pricePrefix.length))
  const near = (price: number): number[] => priceLevels(price).map(([level]) => levelOf(level))
  const [lowest, highest] = [Math.min(min, ...near(min)), Math.max(max, ...near(max))]
  return features.flatMap((feature, column) => {
    if (!feature.startsWith(pricePrefix)) return []
    const level = levelOf(feature)
    return level >= lowest && level <= highest ? [column] : []
  })
}

const pricePrefix = 'price:'
