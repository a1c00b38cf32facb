import type { Random } from '../../algorithms/random.ts'

/** Items that chance draws from, without copying them: those of `items` that are not in `without`. */
export interface Pool {
  /** Each once. */
  items: readonly string[]
  has: (itemId: string) => boolean
  without: ReadonlySet<string>
}

export interface Placed {
  itemId: string
  /** Probability that this item is at this place, given the ranked list and the pool. */
  propensity: number
  isExplored: boolean
}

/**
 * Gives each place of a ranked list to chance with probability ε: an item drawn from the pool stands there instead, each of
 * the pool at most once (M13). Place 1 is never given away: it has most of the clicks, so chance costs most there, and what a
 * random item would do there is told by the places below. Places that are fixed, as pins are, keep their item too.
 *
 * With M items in the pool and j places before this one that could be given away, this one is with probability
 * q = ε P(Binomial(j, ε) < M). The ranked item has propensity 1 - q, and each of the pool q / M, as all are alike.
 * @param firstPlace of the list's first item, from 1: above 1 on later pages
 */
export function explore(
  ranked: readonly string[],
  options: {
    epsilon: number
    pool: Pool
    random: Random
    isFixed?: (place: number) => boolean
    firstPlace?: number
  },
): Placed[] {
  const { epsilon, pool, random, isFixed = () => false, firstPlace = 1 } = options
  const size = epsilon > 0 ? poolSize(pool) : 0
  if (size === 0) return ranked.map(itemId => ({ itemId, propensity: 1, isExplored: false }))
  const chance = givenAway(epsilon, size)
  const drawn = draws(pool, size, random)
  let open = 0
  return ranked.map((itemId, index) => {
    const place = firstPlace + index
    if (place === 1 || isFixed(place)) return { itemId, propensity: 1, isExplored: false }
    const q = chance(open)
    open += 1
    // The number is drawn even when the pool is used up, so that places below do not depend on it.
    const isTaken = random() < epsilon
    const instead = isTaken ? drawn() : undefined
    if (instead === undefined) return { itemId, propensity: 1 - q, isExplored: false }
    return { itemId: instead, propensity: q / size, isExplored: true }
  })
}

function poolSize({ items, has, without }: Pool): number {
  let size = items.length
  for (const itemId of without) if (has(itemId)) size -= 1
  return size
}

/** ε P(Binomial(j, ε) < size) for j = 0, 1, 2 … asked in this order: the distribution grows by one trial a call. */
function givenAway(epsilon: number, size: number): (before: number) => number {
  /** Probability of exactly k given away so far. */
  let exactly = [1]
  return before => {
    while (exactly.length <= before) {
      exactly = Array.from({ length: exactly.length + 1 }, (_, k) => {
        return (exactly[k] ?? 0) * (1 - epsilon) + (exactly[k - 1] ?? 0) * epsilon
      })
    }
    return epsilon * exactly.slice(0, size).reduce((sum, probability) => sum + probability, 0)
  }
}

/** Draws without replacement, all that are left alike; undefined when none is left. */
function draws({ items, without }: Pool, size: number, random: Random): () => string | undefined {
  const taken = new Set(without)
  let left = size
  return () => {
    if (left === 0) return undefined
    left -= 1
    // Few of many are taken: a draw that hits one of them is repeated. Else those left are counted out.
    const candidates = (left + 1) * 4 > items.length ? items : items.filter(itemId => !taken.has(itemId))
    for (;;) {
      const itemId = candidates[Math.floor(random() * candidates.length)]!
      if (taken.has(itemId)) continue
      taken.add(itemId)
      return itemId
    }
  }
}
