import type { Csr } from '../../algorithms/csr.ts'
import { topN } from '../../algorithms/top-n.ts'
import type { Recommender, TrainingSet } from '../recommender.ts'

/** Taken of each source, as a placement takes them unless told otherwise. */
const candidatesMax = 200

/** What a source proposes to a user, best first. */
export interface Candidates {
  items: Uint32Array
  /** Above 0. */
  scores: Float32Array
}

/** What lists may hold. */
export interface Listable {
  /** What a user's list never holds, shape (users, items). */
  excluded: Csr | undefined
  /** All that it may hold, as excluded. */
  wanted: Csr | undefined
}

/** A list holds nothing that its user has, unless candidates are given or repeats are asked for. */
export function listable({ train, histories = train, wanted, repeats }: TrainingSet): Listable {
  return { excluded: wanted || repeats ? undefined : histories, wanted }
}

/**
 * A source's best candidates for a user among those that may be listed; none where it knows nothing of the user.
 * @param of scores, shape (items), is written over
 */
export function candidatesOf(
  recommender: Recommender,
  user: number,
  of: Listable & { scores: Float32Array },
): Candidates {
  const { scores, excluded, wanted } = of
  if (!recommender.scoreItems(user, scores)) return { items: new Uint32Array(), scores: new Float32Array() }
  if (excluded) eachColumn(excluded, user, item => (scores[item] = 0))
  if (wanted) keepOnly(wanted, user, scores)
  const best = topN(scores, candidatesMax)
  const worthless = best.scores.findIndex(score => score <= 0)
  const count = worthless === -1 ? best.indices.length : worthless
  return { items: best.indices.subarray(0, count), scores: best.scores.subarray(0, count) }
}

function keepOnly(wanted: Csr, user: number, scores: Float32Array): void {
  const kept: [number, number][] = []
  eachColumn(wanted, user, item => kept.push([item, scores[item]!]))
  scores.fill(0)
  for (const [item, score] of kept) scores[item] = score
}

function eachColumn({ indptr, indices }: Csr, row: number, use: (column: number) => void): void {
  for (let entry = indptr[row]!; entry < indptr[row + 1]!; entry++) use(indices[entry]!)
}
