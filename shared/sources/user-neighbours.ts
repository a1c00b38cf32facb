import { nameHash } from '../algorithms/name-numbers.ts'
import { queryItemsMax } from '../algorithms/user-neighbours.ts'
import { userNeighboursStage } from '../training/user-neighbours-stage.ts'
import { queryItems } from './query-items.ts'
import type { Candidate, Source } from './source.ts'
import { wantedOfPool } from './wanted-of-pool.ts'

/** What users have who share the visitor's latest items (M06); of visitors without a name, too. */
export const userNeighbours: Source = {
  name: 'user_neighbours',
  rung: 'session',
  build: options => [userNeighboursStage(options)],
  read: async ask => {
    const model = ask.live && ask.reads.model(ask.live)
    const recommend = model?.indexes?.userNeighbours
    if (!model || !recommend) return []
    const known = queryItems(ask, { max: queryItemsMax }).flatMap(({ itemId, weight }) => {
      const item = model.rowOf.get(itemId)
      return item === undefined ? [] : [{ item, weight }]
    })
    const { userId } = ask.user
    const query = {
      items: known.map(({ item }) => item),
      weights: known.map(({ weight }) => weight),
      key: userId === undefined ? undefined : nameHash(new TextEncoder().encode(userId)),
    }
    const idOf = (item: number): string => model.items[item] ?? ''
    const wanted = wantedOfPool(ask)
    const found = recommend(query, { n: ask.n, isWanted: item => wanted(idOf(item)) })
    const best = found[0]?.score ?? 1
    return found.map(
      (each): Candidate => ({
        itemId: idOf(each.item),
        score: each.score / best,
        evidence: {
          type: 'users',
          get users() {
            return each.users
          },
          get shared() {
            return each.shared.map(idOf)
          },
        },
      }),
    )
  },
}
