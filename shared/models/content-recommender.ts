import { contentFeatures } from '../algorithms/content-features.ts'
import { addToQuery, contentScores } from '../algorithms/content-scores.ts'
import { transpose } from '../algorithms/csr.ts'
import { latestItems } from './latest-items.ts'
import type { Recommender, TrainingSet } from './recommender.ts'

/** As a request asks: from so many items, each before the latest counting less, where times tell which is the latest. */
const itemsMax = 10
const decay = 0.85
const candidatesMax = 200

/**
 * Items alike by what is told of them to those a user has, as the source of that name serves it.
 * @throws RangeError when nothing is told of the items
 */
export function contentRecommender(set: TrainingSet, { termsMax }: { termsMax: number }): Recommender {
  if (!set.content) throw new RangeError('Cannot compare items by content as nothing is told of them')
  const { rows } = contentFeatures(set.content, { termsMax })
  const nearest = contentScores({ rows, itemsOf: transpose(rows) })
  const latest = latestItems(set)
  return {
    ...{ algorithm: 'content', parameters: { termsMax } },
    scoreItems: (user, scores) => {
      const items = latest.of(user, itemsMax)
      const query = new Map<number, number>()
      for (const [place, item] of items.entries()) addToQuery(query, rows, item, latest.isTimed ? decay ** place : 1)
      const own = new Set(items)
      const found = nearest(query, { n: candidatesMax, isWanted: item => !own.has(item) })
      scores.fill(0)
      for (const { item, score } of found) scores[item] = score
      return found.length > 0
    },
  }
}
