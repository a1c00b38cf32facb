import type { Proposals } from './proposals.ts'

const k = 20
/** Shares of the whole that a source is tried with. */
const shares = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1]
const roundsMax = 6

/** What weights earned, user by user. */
export interface Weighed {
  /** Sum to 1; 0 leaves a source out. */
  weights: readonly number[]
  ndcg: Float64Array
}

/**
 * Weights of the sources by NDCG@20 on a validation part: the best after trying each source alone, then the share of one
 * source at a time until none helps. Weights take the place of others only where they are better by more than the
 * standard error of the difference over the users: what could be chance changes nothing. In the end they are drawn towards
 * what each source earned alone, as far as that costs no more than chance: of weights that are level, the more even ones are
 * less a matter of the validation part. Deterministic.
 * @throws RangeError without sources or users
 */
export function weighSources(proposals: readonly Proposals[], sources: number): Weighed {
  if (sources === 0 || proposals.length === 0) {
    throw new RangeError(`Cannot weigh ${sources} sources by ${proposals.length} users as there must be at least one`)
  }
  const alone = Array.from({ length: sources }, (_, source) =>
    weighed(
      proposals,
      Array.from({ length: sources }, (_, other) => (other === source ? 1 : 0)),
    ),
  )
  let best = alone.reduce((most, next) => (mean(next.ndcg) > mean(most.ndcg) ? next : most))
  for (let round = 0; round < roundsMax; round++) {
    const before = best
    for (let source = 0; source < sources; source++) {
      const tried = shares.map(share => weighed(proposals, withShare(best.weights, source, share)))
      const top = tried.reduce((most, next) => (mean(next.ndcg) > mean(most.ndcg) ? next : most))
      if (isBetter(top, best)) best = top
    }
    if (best === before) break
  }
  return drawnTo(
    alone.map(({ ndcg }) => mean(ndcg)),
    best,
    proposals,
  )
}

/** As far towards weights in proportion to `merits` as is level with the best. */
function drawnTo(merits: readonly number[], best: Weighed, proposals: readonly Proposals[]): Weighed {
  const total = merits.reduce((sum, merit) => sum + merit, 0)
  if (total === 0) return best
  const drawn = [0.6, 0.5, 0.4, 0.3, 0.2, 0.1].map(share =>
    weighed(
      proposals,
      best.weights.map((weight, source) => (1 - share) * weight + (share * merits[source]!) / total),
    ),
  )
  return drawn.find(tried => !isBetter(best, tried)) ?? best
}

/** The weights with this share for one source; the others keep their proportions. */
function withShare(weights: readonly number[], source: number, share: number): number[] {
  const others = 1 - weights[source]!
  if (others === 0) return weights.map((weight, at) => (at === source ? weight : 0))
  return weights.map((weight, at) => (at === source ? share : (weight / others) * (1 - share)))
}

export function weighed(proposals: readonly Proposals[], weights: readonly number[]): Weighed {
  return { weights, ndcg: Float64Array.from(proposals, user => ndcgOf(user, weights)) }
}

/** NDCG@20 of the user's list at these weights: only how many stand before each relevant item counts. */
function ndcgOf({ scores, items, relevant, held }: Proposals, weights: readonly number[]): number {
  if (relevant.length === 0) return 0
  const blended = new Float64Array(items)
  for (const [source, weight] of weights.entries()) {
    if (weight === 0) continue
    const from = source * items
    for (let item = 0; item < items; item++) blended[item]! += weight * scores[from + item]!
  }
  let gain = 0
  for (const place of relevant) {
    const score = blended[place]!
    if (score === 0) continue
    let before = 0
    for (let item = 0; item < items; item++) {
      if (blended[item]! > score || (blended[item] === score && item < place)) before += 1
    }
    if (before < k) gain += 1 / Math.log2(before + 2)
  }
  let ideal = 0
  for (let place = 0; place < Math.min(k, held); place++) ideal += 1 / Math.log2(place + 2)
  return gain / ideal
}

function isBetter(trial: Weighed, best: Weighed): boolean {
  const difference = trial.ndcg.map((ndcg, user) => ndcg - best.ndcg[user]!)
  return mean(difference) > standardError(difference)
}

export function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of the mean. */
export function standardError(values: Float64Array): number {
  const centre = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return Math.sqrt(squares / Math.max(1, values.length - 1) / values.length)
}
