import type { Candidate, ListRequest, Recommendation, Rung } from './candidate.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * Fills a list rung by rung until it is long enough. An item comes once, must be in the catalogue and in stock, of the
 * category and at least of the score asked for, and not among `excluded`. Later rungs are not even asked when earlier
 * ones fill the list.
 */
export async function fillList(
  request: ListRequest,
  ladder: readonly { rung: Rung; candidates: () => Promise<readonly Candidate[]> }[],
  { catalogue, excluded }: { catalogue: Catalogue; excluded: ReadonlySet<string> },
): Promise<Recommendation[]> {
  const { limit, category, minScore = 0 } = request
  const list: Recommendation[] = []
  const taken = new Set(excluded)
  for (const { rung, candidates } of ladder) {
    if (list.length >= limit) break
    for (const candidate of await candidates()) {
      if (list.length >= limit) break
      const item = catalogue.items.get(candidate.itemId)
      if (!item?.in_stock || taken.has(item.id) || candidate.score < minScore) continue
      if (category !== undefined && item.category !== category) continue
      taken.add(item.id)
      list.push({ ...candidate, item, rung })
    }
  }
  return list
}
