import { als } from '../shared/algorithms/als.ts'
import { type AlsParameters, meanEntries } from '../shared/algorithms/als-parameters.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { dotRows } from '../shared/algorithms/dot-rows.ts'
import { explainFactors } from '../shared/algorithms/explain-factors.ts'
import { type FoldInParameters, type FoldInSide, foldIn, type RowEntries } from '../shared/algorithms/fold-in.ts'
import { gramian } from '../shared/algorithms/gramian.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { type BenchResult, lone } from './report.ts'
import { fourDigits } from './spread.ts'
import { threads } from './threads.ts'

const cases = 1000
const listed = 10
const pastItemsMin = 2

/**
 * How many places items lose when the past item that adds most to their score is taken away. A case: a random user with two
 * past items or more, one of the user's best ten by x·y at random, the past item of the largest term; then the user's
 * vector is folded in without it, and the item ranked again among all that the user had not. Beside it the share of cases
 * in which the item ranks lower when only the term is taken from its score, and in which its score falls.
 */
export async function removals(
  name: string,
  userItems: Csr,
  { step, ...parameters }: AlsParameters & { step: (text: string) => void },
): Promise<BenchResult> {
  step(`${name}: ${userItems.rows} x ${userItems.columns}, ${userItems.indices.length} entries`)
  const model = await als(userItems, { ...parameters, seed: 1, threads })
  const { factors, itemFactors } = model
  const side = { factors, values: itemFactors, gramian: gramian(itemFactors, factors) }
  const options = { ...parameters, meanEntries: meanEntries(userItems) }
  const random = seededRandom(3)
  const places: number[] = []
  let [lower, lowerByTerm, scoreLower] = [0, 0, 0]
  let apart = 0
  while (places.length < cases) {
    const entries = rowOf(userItems, Math.floor(userItems.rows * random()))
    if (entries.columns.length < pastItemsMin) continue
    const known = new Set(entries.columns)
    const scores = scoresOf(entries, side, options)
    const ranked = [...scores.keys()].filter(item => !known.has(item)).sort((a, b) => scores[b]! - scores[a]! || a - b)
    const item = ranked[Math.floor(listed * random())]!
    const { score, terms } = explainFactors(entries, side, options)(item)
    apart = Math.max(
      apart,
      Math.abs(terms.reduce((sum, term) => sum + term, 0) - scores[item]!),
      Math.abs(score - scores[item]!),
    )
    const top = terms.indexOf(Math.max(...terms))
    const left = scoresOf(without(entries, top), side, options)
    const rank = (of: Float32Array) => ranked.filter(other => of[other]! > of[item]!).length + 1
    if (rank(left) > rank(scores)) lower += 1
    if (left[item]! < scores[item]!) scoreLower += 1
    const cut = scores.with(item, scores[item]! - terms[top]!)
    if (rank(cut) > rank(scores)) lowerByTerm += 1
    places.push(rank(left) - rank(scores))
  }
  const quality = {
    cases,
    rank_lower_without_the_past_item: lower / cases,
    rank_lower_without_the_term: lowerByTerm / cases,
    score_lower_without_the_past_item: scoreLower / cases,
    goal: 'rank lower in at least .95',
    largest_difference_of_terms_and_score: fourDigits(apart),
  }
  return lone(`${name}: places lost without the past item that adds most`, { values: places, unit: 'places', quality })
}

function rowOf({ indptr, indices, values }: Csr, row: number): { columns: Uint32Array; strengths: Float32Array } {
  return {
    columns: indices.slice(indptr[row], indptr[row + 1]),
    strengths: values.slice(indptr[row], indptr[row + 1]),
  }
}

function without({ columns, strengths }: ReturnType<typeof rowOf>, entry: number): RowEntries {
  return { columns: columns.filter((_, at) => at !== entry), strengths: strengths.filter((_, at) => at !== entry) }
}

function scoresOf(entries: RowEntries, side: FoldInSide, options: FoldInParameters): Float32Array {
  const scores = new Float32Array(side.values.length / side.factors)
  dotRows(Float64Array.from(foldIn(entries, side, options)), side.values, scores)
  return scores
}
