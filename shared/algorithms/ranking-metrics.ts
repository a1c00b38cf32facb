/**
 * The share of the first k places that hold a relevant item; places left empty count as misses.
 * Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval, 2008, section 8.4.
 * @param recommended distinct items, best first
 * @throws RangeError when k is not an integer ≥ 1
 */
export function precisionAtK(recommended: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hits(recommended, relevant, k) / k
}

/**
 * The share of the relevant items that stand in the first k places: hits / |relevant|, also when there are more than k
 * relevant items. 0 when nothing is relevant.
 * Source: He et al., LightGCN, SIGIR 2020; Ferrari Dacrema et al., TOIS 2021 (their published Recall@k).
 * @param recommended distinct items, best first
 * @throws RangeError when k is not an integer ≥ 1
 */
export function recallAtK(recommended: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  const found = hits(recommended, relevant, k)
  return relevant.size === 0 ? 0 : found / relevant.size
}

/**
 * The mean, over the min(k, |relevant|) places that could hold a relevant item, of the precision at each hit; a miss
 * counts 0, so that 1 means the best possible list. 0 when nothing is relevant.
 * Source: Kaggle's and TREC's average precision cut at k, normalised by min(k, |relevant|).
 * @param recommended distinct items, best first
 * @throws RangeError when k is not an integer ≥ 1
 */
export function averagePrecisionAtK(recommended: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  checkK(k)
  if (relevant.size === 0) return 0
  let found = 0
  let sum = 0
  for (let place = 0; place < Math.min(k, recommended.length); place++) {
    if (!relevant.has(recommended[place]!)) continue
    found += 1
    sum += found / (place + 1)
  }
  return sum / Math.min(k, relevant.size)
}

/**
 * Normalised discounted cumulative gain with gain 1 for a relevant item: Σ over hits 1 / log2(rank + 1), divided by the
 * same sum for min(k, |relevant|) hits in the first places. 0 when nothing is relevant.
 * Source: Järvelin, Kekäläinen, TOIS 2002; binary form as in He et al., LightGCN, SIGIR 2020.
 * @param recommended distinct items, best first
 * @throws RangeError when k is not an integer ≥ 1
 */
export function ndcgAtK(recommended: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  checkK(k)
  if (relevant.size === 0) return 0
  let gain = 0
  let idealGain = 0
  for (let place = 0; place < Math.min(k, recommended.length); place++) {
    if (relevant.has(recommended[place]!)) gain += discount(place)
  }
  for (let place = 0; place < Math.min(k, relevant.size); place++) idealGain += discount(place)
  return gain / idealGain
}

/**
 * 1 when any of the first k places holds a relevant item, else 0.
 * Source: Deshpande, Karypis, TOIS 2004.
 * @param recommended distinct items, best first
 * @throws RangeError when k is not an integer ≥ 1
 */
export function hitRateAtK(recommended: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hits(recommended, relevant, k) > 0 ? 1 : 0
}

/**
 * The share of the catalogue that stands in the first k places of at least one list. 0 for an empty catalogue.
 * Source: Ge, Delgado-Battenfeld, Jannach, RecSys 2010 (catalogue coverage).
 * @param items how many items the catalogue has
 * @throws RangeError when k is not an integer ≥ 1
 */
export function coverageAtK(lists: Iterable<ArrayLike<number>>, k: number, items: number): number {
  checkK(k)
  const shown = new Set<number>()
  for (const list of lists) {
    for (let place = 0; place < Math.min(k, list.length); place++) shown.add(list[place]!)
  }
  return items === 0 ? 0 : shown.size / items
}

function hits(recommended: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  checkK(k)
  let found = 0
  for (let place = 0; place < Math.min(k, recommended.length); place++) {
    if (relevant.has(recommended[place]!)) found += 1
  }
  return found
}

function discount(place: number): number {
  return 1 / Math.log2(place + 2)
}

function checkK(k: number): void {
  if (Number.isInteger(k) && k >= 1) return
  throw new RangeError(`Cannot judge a list as k must be an integer ≥ 1: current value is ${k}`)
}
