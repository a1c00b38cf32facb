import { blend } from '../../algorithms/blend.ts'
import type { Algorithm, Recommender } from '../recommender.ts'
import { type Candidates, candidatesOf, type Listable } from './candidates.ts'

/** A trained source and its weight, above 0. */
export interface HybridSource {
  name: Algorithm
  weight: number
  recommender: Recommender
}

/**
 * One list of several sources, blended as at a request: of each source its best candidates that may be listed. What
 * none of them proposes comes after, by `backfill`.
 */
export function hybridRecommender(
  hybrid: Listable & { sources: readonly HybridSource[]; items: number; backfill: Recommender },
): Recommender {
  const { sources, backfill, excluded, wanted } = hybrid
  const scratch = new Float32Array(hybrid.items)
  return {
    algorithm: 'sidecart',
    parameters: { weights: Object.fromEntries(sources.map(({ name, weight }) => [name, weight])) },
    scoreItems: (user, scores) => {
      const blended = blend(
        sources.map(({ weight, recommender }) => {
          const found = candidatesOf(recommender, user, { scores: scratch, excluded, wanted })
          return { weight, candidates: named(found) }
        }),
      )
      addBackfill(backfill, user, scores)
      for (const { itemId, score } of blended) scores[Number(itemId)] = score
      return true
    },
    ...batchOf(sources.map(({ recommender }) => recommender)),
  }
}

function named({ items, scores }: Candidates) {
  return Array.from(items, (item, place) => ({ itemId: String(item), score: scores[place]! }))
}

/** Below what any source proposes, from -2 to -1. */
function addBackfill(backfill: Recommender, user: number, scores: Float32Array): void {
  backfill.scoreItems(user, scores)
  let best = 0
  for (let item = 0; item < scores.length; item++) if (scores[item]! > best) best = scores[item]!
  for (let item = 0; item < scores.length; item++) scores[item] = (best === 0 ? 0 : scores[item]! / best) - 2
}

/** All of the recommenders as one: as many users at a time as each can take. */
export function batchOf(recommenders: readonly Recommender[]): Pick<Recommender, 'batch' | 'close'> {
  const batches = recommenders.flatMap(({ batch }) => batch ?? [])
  const close = async () => {
    for (const recommender of recommenders) await recommender.close?.()
  }
  if (batches.length === 0) return { close }
  return {
    batch: {
      users: Math.min(...batches.map(({ users }) => users)),
      prepare: async users => {
        for (const batch of batches) await batch.prepare(users)
      },
    },
    close,
  }
}
