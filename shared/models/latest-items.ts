import type { TrainingSet } from './recommender.ts'

/**
 * The items of a user that a list is made from, the latest first; in the order of their numbers where nothing tells when.
 */
export function latestItems(set: TrainingSet): { isTimed: boolean; of: (user: number, max: number) => number[] } {
  const { train, histories = train, times } = set
  const isTimed = times !== undefined && histories === train
  return {
    isTimed,
    of: (user, max) => {
      const first = histories.indptr[user]!
      const entries = Array.from({ length: histories.indptr[user + 1]! - first }, (_, place) => first + place)
      if (isTimed) entries.sort((a, b) => times[b]! - times[a]! || a - b)
      return entries.slice(0, max).map(entry => histories.indices[entry]!)
    },
  }
}
