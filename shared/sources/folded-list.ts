import { type FoldInSide, foldIn } from '../algorithms/fold-in.ts'
import { topN } from '../algorithms/top-n.ts'
import type { ScoredItem } from '../schemas/published.ts'
import { personalScores } from '../training/personal-scores.ts'
import type { ServedModel } from './served-model.ts'

/**
 * The n best items for a user whom the published lists do not know, or not as of now: a vector is folded in from the
 * strengths and ranks the whole catalogue as the refresh would, by taste and recent popularity. Best first, scores
 * relative to the best; empty when the model knows none of the items.
 * @param of popularity is that of the live generation; items it does not list have none
 */
export function foldedList(
  model: ServedModel,
  of: {
    strengths: ReadonlyMap<string, number>
    popularity: readonly ScoredItem[]
    isWanted: (itemId: string) => boolean
    n: number
  },
): [itemId: string, score: number][] {
  const vector = userVector(model, of.strengths)
  if (!vector) return []
  const popularity = new Float32Array(model.items.length)
  for (const [itemId, value] of of.popularity) {
    const item = model.rowOf.get(itemId)
    if (item !== undefined) popularity[item] = value
  }
  const { factors, values: itemFactors } = model.side
  const user = { factors, users: 1, items: model.items.length, userFactors: vector, itemFactors }
  const scores = new Float32Array(model.items.length)
  if (!personalScores({ factors: user, popularity, popularityShare: model.popularityShare })(0, scores)) return []
  const best = wanted(scores, model.items, of)
  const highest = best[0]?.[1] ?? 1
  return best.map(([itemId, score]) => [itemId, score / highest])
}

/** The n best scores above 0 of wanted items. Few items are asked about unless few are wanted: asking is what costs. */
function wanted(
  scores: Float32Array,
  items: readonly string[],
  { isWanted, n }: { isWanted: (itemId: string) => boolean; n: number },
): [itemId: string, score: number][] {
  for (let size = 2 * n; ; size *= 8) {
    const top = topN(scores, size)
    const best = Array.from(top.indices, (item, place): [string, number] => [items[item] ?? '', top.scores[place]!])
    const found = best.filter(([itemId, score]) => score > 0 && isWanted(itemId))
    if (found.length >= n || size >= items.length) return found.slice(0, n)
  }
}

function userVector(
  { side, rowOf, parameters }: { side: FoldInSide } & Pick<ServedModel, 'rowOf' | 'parameters'>,
  strengthOf: ReadonlyMap<string, number>,
): Float32Array | undefined {
  const columns: number[] = []
  const strengths: number[] = []
  for (const [itemId, strength] of strengthOf) {
    const item = rowOf.get(itemId)
    if (item === undefined) continue
    columns.push(item)
    strengths.push(strength)
  }
  return columns.length === 0 ? undefined : foldIn({ columns, strengths }, side, parameters)
}
