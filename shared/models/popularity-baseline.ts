import type { Csr } from '../algorithms/csr.ts'
import { recentPopularity } from '../training/recent-popularity.ts'
import type { Recommender, TrainingSet } from './recommender.ts'

const daySeconds = 86_400

/** Scores items by how many users have them; knows every user. The baseline that anything personal must beat. */
export function popularityBaseline(train: Csr): Recommender {
  const popularity = new Float32Array(train.columns)
  for (const item of train.indices) popularity[item]! += 1
  return { algorithm: 'popularity', parameters: {}, scoreItems: sameForAll(popularity) }
}

/**
 * Scores items by how many users bought them in the last days of the training set: a harder baseline where seasons turn.
 * @throws RangeError when nothing tells times
 */
export function recentPopularityBaseline({ train, sales, until }: TrainingSet, days: number): Recommender {
  if (until === undefined) {
    throw new RangeError(`Cannot rank by the last ${days} days as the interactions have no timestamp`)
  }
  const popularity = new Float32Array(train.columns)
  const counted = new Set<number>()
  for (let sale = 0; sale < sales.item.length; sale++) {
    const cell = sales.user[sale]! * train.columns + sales.item[sale]!
    if (sales.at[sale]! <= until - days * daySeconds || counted.has(cell)) continue
    counted.add(cell)
    popularity[sales.item[sale]!]! += 1
  }
  return { algorithm: 'popularity-7-days', parameters: { days }, scoreItems: sameForAll(popularity) }
}

/** What sells now: sales, of which each counts half after the half-life, as of the end of the training set. */
export function trendingBaseline({ train, sales, until = 0 }: TrainingSet, halfLifeMs: number): Recommender {
  const popularity = Float32Array.from(recentPopularity(sales, { items: train.columns, until, halfLifeMs }))
  return { algorithm: 'trending', parameters: { halfLifeMs }, scoreItems: sameForAll(popularity) }
}

function sameForAll(popularity: Float32Array): Recommender['scoreItems'] {
  return (_, scores) => {
    scores.set(popularity)
    return true
  }
}
