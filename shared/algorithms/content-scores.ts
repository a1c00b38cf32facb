import { bestWanted } from './best-wanted.ts'
import type { Csr } from './csr.ts'

/** What is looked for: how much each feature counts, by column; what is not above 0 does not. */
export type ContentQuery = ReadonlyMap<number, number>

interface ContentMatch {
  item: number
  /** Cosine of the query and the item's row. */
  score: number
  /** What each feature adds to the score, the most first: they sum to it. */
  added: [feature: number, added: number][]
}

/** Features of a query that count: those that count most, as many as have so many items together. */
const featuresMax = 32
const entriesMax = 12_000

/**
 * Finds the items nearest to a query by cosine of features, over the lists of items that each feature has.
 * @param of rows has shape (items, features), rows of length 1 and no value below 0; itemsOf is its transpose
 * @returns a function that is not to be called while it runs: it keeps its working memory, 12 bytes an item. Ties go to the
 * lower item; only scores above 0 count. An empty query finds nothing.
 */
export function contentScores(of: {
  rows: Csr
  itemsOf: Csr
}): (query: ContentQuery, wanted: { n: number; isWanted: (item: number) => boolean }) => ContentMatch[] {
  const { rows, itemsOf } = of
  const scores = new Float64Array(rows.rows)
  const met = new Uint32Array(rows.rows)
  return (query, wanted) => {
    const strongest = strongestOf(query, itemsOf.indptr)
    const length = Math.sqrt(strongest.reduce((sum, [, value]) => sum + value * value, 0))
    if (!(length > 0)) return []
    const direction = new Map(strongest.map(([feature, value]) => [feature, value / length]))
    let metCount = 0
    for (const [feature, value] of direction) {
      for (let entry = itemsOf.indptr[feature]!; entry < itemsOf.indptr[feature + 1]!; entry++) {
        const item = itemsOf.indices[entry]!
        if (scores[item] === 0) met[metCount++] = item
        scores[item]! += value * itemsOf.values[entry]!
      }
    }
    const items = met.subarray(0, metCount)
    const best = bestWanted(items, scores, wanted)
    const found = best.map(item => ({ item, score: scores[item]!, added: addedTo(item, direction, rows) }))
    for (const item of items) scores[item] = 0
    return found
  }
}

/** What most items have says little and costs most: past the bound a feature does not count, the strongest always does. */
function strongestOf(query: ContentQuery, indptr: Uint32Array): [feature: number, value: number][] {
  const ranked = [...query].filter(([, value]) => value > 0).sort(([a, x], [b, y]) => y - x || a - b)
  let left = entriesMax
  return ranked.slice(0, featuresMax).filter(([feature], place) => {
    const entries = indptr[feature + 1]! - indptr[feature]!
    if (place > 0 && entries > left) return false
    left -= entries
    return true
  })
}

function addedTo(item: number, direction: ContentQuery, { indptr, indices, values }: Csr): [number, number][] {
  const added: [number, number][] = []
  for (let entry = indptr[item]!; entry < indptr[item + 1]!; entry++) {
    const value = direction.get(indices[entry]!)
    if (value !== undefined) added.push([indices[entry]!, value * values[entry]!])
  }
  return added.sort(([a, x], [b, y]) => y - x || a - b)
}

/** Adds a weighted row to a query. */
export function addToQuery(
  query: Map<number, number>,
  { indptr, indices, values }: Csr,
  row: number,
  weight: number,
): void {
  for (let entry = indptr[row]!; entry < indptr[row + 1]!; entry++) {
    const feature = indices[entry]!
    query.set(feature, (query.get(feature) ?? 0) + weight * values[entry]!)
  }
}
