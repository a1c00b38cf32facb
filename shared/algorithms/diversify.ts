export interface DiversifyOptions {
  /** How many are chosen at most. */
  n: number
  /** 1 chooses by score alone, 0 by what is unlike the chosen alone. */
  lambda: number
  /** How alike candidates a and b are, 0 to 1, the same both ways. */
  similarity: (a: number, b: number) => number
  /** At most `max` of one group, while there are others; candidates of group -1 have none. */
  quota?: { groups: Int32Array; max: number } | undefined
}

/**
 * Chooses candidates one after another, each time the one with the largest λ score - (1 - λ) max similarity to a chosen
 * one: maximal marginal relevance. Scores count relative to the largest. With a quota, candidates of groups that have
 * theirs come last, so that never fewer are chosen than without. Equal values: the candidate with the lower index.
 * Source: Carbonell, Goldstein, SIGIR 1998; similarities are worked out only for those who could still win, as the
 * value of a candidate can only fall while others are chosen (Minoux, 1978).
 * @param scores ≥ 0, shape (candidates), in descending order
 * @returns indices of candidates in the order chosen, min(n, candidates) of them
 * @throws RangeError when λ is not in [0, 1] or scores are not in descending order or negative
 */
export function diversify(scores: Float64Array, { n, lambda, similarity, quota }: DiversifyOptions): Int32Array {
  check(scores, lambda)
  const scale = (scores[0] ?? 0) > 0 ? lambda / scores[0]! : 0
  const size = Math.min(n, scores.length)
  const chosen = new Int32Array(size)
  const isChosen = new Uint8Array(scores.length)
  /** Largest similarity to the first `compared` of the chosen. */
  const nearest = new Float64Array(scores.length)
  const compared = new Int32Array(scores.length)
  const within = withinQuota(quota)
  const best = (count: number, isOpen: (candidate: number) => boolean): number => {
    let winner = -1
    let winning = Number.NEGATIVE_INFINITY
    for (let candidate = 0; candidate < scores.length; candidate++) {
      const relevance = scale * scores[candidate]!
      // Those after this one score no more, and similarity only takes away.
      if (relevance <= winning) break
      if (isChosen[candidate] === 1 || !isOpen(candidate)) continue
      if (relevance - (1 - lambda) * nearest[candidate]! <= winning) continue
      for (let k = compared[candidate]!; k < count; k++) {
        nearest[candidate] = Math.max(nearest[candidate]!, similarity(candidate, chosen[k]!))
      }
      compared[candidate] = count
      const value = relevance - (1 - lambda) * nearest[candidate]!
      if (value > winning) {
        winner = candidate
        winning = value
      }
    }
    return winner
  }
  for (let count = 0; count < size; count++) {
    let winner = best(count, within.isOpen)
    if (winner < 0) winner = best(count, () => true)
    chosen[count] = winner
    isChosen[winner] = 1
    within.take(winner)
  }
  return chosen
}

function withinQuota(quota: DiversifyOptions['quota']): {
  isOpen: (candidate: number) => boolean
  take: (candidate: number) => void
} {
  const taken = new Map<number, number>()
  const takenOf = (candidate: number): number => {
    const group = quota?.groups[candidate] ?? -1
    return group < 0 ? 0 : (taken.get(group) ?? 0)
  }
  return {
    isOpen: quota ? candidate => takenOf(candidate) < quota.max : () => true,
    take: candidate => {
      const group = quota?.groups[candidate] ?? -1
      if (group >= 0) taken.set(group, takenOf(candidate) + 1)
    },
  }
}

function check(scores: Float64Array, lambda: number): void {
  if (!(lambda >= 0 && lambda <= 1)) {
    throw new RangeError(`Cannot diversify as lambda must be from 0 to 1: current value is ${lambda}`)
  }
  for (let index = 0; index < scores.length; index++) {
    const isSound = scores[index]! >= 0 && (index === 0 || scores[index]! <= scores[index - 1]!)
    if (!isSound) throw new RangeError(`Cannot diversify as scores must be ≥ 0 and descend: they do not at ${index}`)
  }
}
