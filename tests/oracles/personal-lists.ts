import type { Factors } from '../../shared/algorithms/als.ts'
import type { Csr } from '../../shared/algorithms/csr.ts'
import { dot } from '../../shared/algorithms/dot.ts'
import { scoreItems, type UserLists } from '../../shared/algorithms/top-n.ts'
import { straightTopN } from './top-n.ts'

/** `personalLists` straight: every score of every user, popularity as a factor of its own and additions added last. */
export function straightPersonalLists(of: {
  model: Factors
  popularity: readonly number[]
  popularityShare: number
  itemLinearShare: number
  n: number
  exclude: Csr
  additions?: Csr | undefined
}): UserLists {
  const { model, popularity, popularityShare, additions } = of
  const { factors, items } = model
  const width = factors + 1
  const mostPopular = Math.max(...popularity)
  const itemRows = new Float32Array(items * width)
  for (let item = 0; item < items; item++) {
    itemRows.set(model.itemFactors.subarray(item * factors, (item + 1) * factors), item * width)
    itemRows[item * width + factors] = mostPopular === 0 ? 0 : popularity[item]! * (popularityShare / mostPopular)
  }
  const tasteShare = (1 - popularityShare) * (1 - of.itemLinearShare)
  const score = (user: number, scores: Float32Array) => {
    const added = additions?.indices.subarray(additions.indptr[user], additions.indptr[user + 1]) ?? []
    if (!scoreItems(model, user, scores.fill(0)) && added.length === 0) return false
    const highest = scores.reduce((a, b) => Math.max(a, b), 0)
    const row = model.userFactors.subarray(user * factors, (user + 1) * factors)
    const scaled = Float32Array.from([...row.map(value => (highest === 0 ? 0 : tasteShare / highest) * value), 1])
    const sums = Float64Array.from(scores.keys(), item => dot(scaled, 0, itemRows, item * width, width))
    for (const [place, item] of added.entries()) sums[item]! += additions!.values[additions!.indptr[user]! + place]!
    scores.set(sums)
    return true
  }
  return straightTopN({ ...of, factors: model, score })
}
