import type { ItemId } from '../schemas/ids.ts'
import type { ScoredItem } from '../schemas/published.ts'

/** Items and scores from `start` as named pairs; scores keep 4 digits, as bytes are paid for and ranks are not lost. */
export function scored(
  start: number,
  count: number,
  of: { found: Uint32Array; scores: Float32Array; names: readonly ItemId[] },
): ScoredItem[] {
  const list: ScoredItem[] = []
  for (let place = start; place < start + count; place++) {
    const name = of.names[of.found[place] ?? -1]
    if (name === undefined) throw new RangeError(`Cannot name item ${of.found[place]} as there are ${of.names.length}`)
    list.push([name, Number((of.scores[place] ?? 0).toPrecision(4))])
  }
  return list
}
