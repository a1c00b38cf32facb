import { userHistories } from '../algorithms/user-histories.ts'
import { queryItemsMax, userNeighbours } from '../algorithms/user-neighbours.ts'
import { itemsPerUser, usersPerItem } from '../training/user-neighbours-stage.ts'
import { latestItems } from './latest-items.ts'
import type { Recommender, TrainingSet } from './recommender.ts'

/** Each item before the latest counts this much less, where times tell which is the latest. */
const decay = 0.85
/** Users asked, and users to ask, at most: as the app has it. */
const limits = { neighbours: 100, usersMax: 100_000, itemsPerUser, usersPerItem }
/** As many as a placement takes. */
const candidatesMax = 200

/** What users have who share a user's latest items, as the source of that name serves it. */
export function userNeighboursRecommender(set: TrainingSet): Recommender {
  const { train, times = new Uint32Array(train.indices.length) } = set
  const recommend = userNeighbours(userHistories({ userItems: train, times, keyOf: user => user, ...limits }), limits)
  const latest = latestItems(set)
  return {
    ...{ algorithm: 'user-neighbours', parameters: limits },
    scoreItems: (user, scores) => {
      const items = latest.of(user, queryItemsMax)
      const query = { items, weights: items.map((_, place) => (latest.isTimed ? decay ** place : 1)), key: user }
      const found = recommend(query, { n: candidatesMax, isWanted: () => true })
      scores.fill(0)
      for (const { item, score } of found) scores[item] = score
      return found.length > 0
    },
  }
}
