import { ItemId } from '../schemas/ids.ts'
import type { ScoredItem } from '../schemas/published.ts'

/** Items and scores from `start` as named pairs; scores keep 4 digits, as bytes are paid for and ranks are not lost. */
export function scored(
  start: number,
  count: number,
  of: { found: Uint32Array; scores: Float32Array; names: readonly string[] },
): ScoredItem[] {
  return Array.from({ length: count }, (_, place): ScoredItem => {
    const item = ItemId.parse(of.names[of.found[start + place] ?? -1])
    return [item, Number((of.scores[start + place] ?? 0).toPrecision(4))]
  })
}
