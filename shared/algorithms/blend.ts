/** What one source proposes: items with scores of 0 or more on any scale, comparable within the source alone. */
export interface BlendSource {
  /** Above 0; what counts is how large it is beside the others'. */
  weight: number
  candidates: readonly { readonly itemId: string; readonly score: number }[]
}

/** What one source adds to an item's score. */
interface Contribution {
  /** The source's place among those blended, from 0. */
  source: number
  /** As the source gave it. */
  score: number
  /** From 0 to 1: what the score says beside the source's other scores. */
  calibrated: number
  /** Share of the source × calibrated. */
  added: number
}

export interface BlendedItem {
  itemId: string
  /** From 0 to 1: the sum of what the contributions add, in their order. */
  score: number
  /** In the order of the sources; one for each source that proposes the item. */
  contributions: readonly Contribution[]
}

/**
 * One list of what several sources propose, best first: an item's score is Σ_s w_s c_s(i) / Σ_s w_s over the sources s that
 * propose anything, where c is the calibrated score and 0 for an item that a source does not propose. A source scores
 * on a scale of its own that differs from user to user, so c is the score relative to the source's best. On ties the
 * item of the earlier source comes first, within one source the one it named first. Serving and evaluation blend by this
 * function alone.
 * @throws RangeError when a weight is not above 0, a score is negative or not finite, or a source proposes an item twice
 */
export function blend(sources: readonly BlendSource[]): BlendedItem[] {
  const answered = sources.filter(({ candidates }) => candidates.length > 0)
  const total = answered.reduce((sum, { weight }) => sum + weight, 0)
  const contributionsOf = new Map<string, Contribution[]>()
  for (const [source, { weight, candidates }] of sources.entries()) {
    if (!(weight > 0 && Number.isFinite(weight))) {
      throw new RangeError(`Cannot blend as the weight of source ${source} must be above 0: current value is ${weight}`)
    }
    checkScores(candidates, source)
    const scale = calibrated(candidates.map(({ score }) => score))
    for (const [place, { itemId, score }] of candidates.entries()) {
      const contribution = { source, score, calibrated: scale[place]!, added: (weight / total) * scale[place]! }
      const known = contributionsOf.get(itemId)
      if (known === undefined) contributionsOf.set(itemId, [contribution])
      else if (known.at(-1)?.source !== source) known.push(contribution)
      else throw new RangeError(`Cannot blend as source ${source} must propose an item once: ${itemId} comes twice`)
    }
  }
  // Items stand in the order in which they were first proposed, and sorting keeps that order on ties.
  return [...contributionsOf]
    .map(([itemId, contributions]) => ({ itemId, score: sum(contributions), contributions }))
    .sort((a, b) => b.score - a.score)
}

/** What the scores of one source, ≥ 0, say beside each other, from 0 to 1: relative to the best. All are 0 where the best is. */
export function calibrated(scores: ArrayLike<number>): Float64Array {
  let best = 0
  for (let place = 0; place < scores.length; place++) best = Math.max(best, scores[place]!)
  return Float64Array.from(scores, score => (best === 0 ? 0 : score / best))
}

function sum(contributions: readonly Contribution[]): number {
  return contributions.reduce((total, { added }) => total + added, 0)
}

function checkScores(candidates: BlendSource['candidates'], source: number): void {
  for (const { itemId, score } of candidates) {
    if (score >= 0 && Number.isFinite(score)) continue
    throw new RangeError(
      `Cannot blend as scores must be finite and ≥ 0: that of ${itemId} from source ${source} is ${score}`,
    )
  }
}
