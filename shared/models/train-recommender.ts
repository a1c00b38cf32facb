import { als } from '../algorithms/als.ts'
import type { Csr } from '../algorithms/csr.ts'
import { seededRandom } from '../algorithms/random.ts'
import { coPurchaseNeighbours, cosineNeighbours, type Neighbours } from '../algorithms/similarity.ts'
import { scoreItems } from '../algorithms/top-n.ts'
import { popularityBaseline } from './evaluate.ts'
import type { Algorithm, Recommender, RecommenderParameters } from './recommender.ts'

/** Trains one algorithm on feedback strengths, shape (users, items); a user's history is copurchase's basket. */
export function trainRecommender(algorithm: Algorithm, train: Csr, parameters: RecommenderParameters): Recommender {
  const { neighbours: k, minCount, ...alsParameters } = parameters
  const whole = { k, from: 0, to: train.columns }
  switch (algorithm) {
    case 'popularity':
      return popularityBaseline(train)
    case 'als': {
      const model = als(train, { ...alsParameters, random: seededRandom(parameters.seed) })
      return {
        algorithm,
        parameters: alsParameters,
        scoreItems: (user, scores) => scoreItems(model, user, scores),
      }
    }
    case 'item-als': {
      const model = als(train, { ...alsParameters, random: seededRandom(parameters.seed) })
      const neighbours = cosineNeighbours({ ...model, ...whole })
      return {
        algorithm,
        parameters: { ...alsParameters, neighbours: k },
        scoreItems: neighbourScores(train, neighbours),
      }
    }
    case 'copurchase': {
      const neighbours = coPurchaseNeighbours({ ...whole, baskets: train, minCount })
      return { algorithm, parameters: { neighbours: k, minCount }, scoreItems: neighbourScores(train, neighbours) }
    }
  }
}

/** An item's score is the sum of its similarities to the user's items, each by the user's strength for it. */
function neighbourScores(train: Csr, neighbours: Neighbours): Recommender['scoreItems'] {
  const { k, counts, items, scores: similarities } = neighbours
  return (user, scores) => {
    scores.fill(0)
    let isKnown = false
    for (let entry = train.indptr[user]!; entry < train.indptr[user + 1]!; entry++) {
      const row = train.indices[entry]!
      const strength = train.values[entry]!
      for (let place = row * k; place < row * k + counts[row]!; place++) {
        scores[items[place]!]! += strength * similarities[place]!
        isKnown = true
      }
    }
    return isKnown
  }
}
