import { decodeFactors } from '../algorithms/als.ts'
import { topNForUsers } from '../algorithms/top-n.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { UserListsValue } from '../schemas/published.ts'
import type { Purchases } from './build-dataset.ts'
import { readItemIds, readMatrix, readNames, readPopularity, readPurchases, readSummary } from './dataset-blobs.ts'
import { readFactors } from './factors-stage.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { personalScores } from './personal-scores.ts'
import { Range, ranges } from './ranges.ts'
import { scored } from './scored.ts'

type UserListsOptions = Pick<TrainingOptions, 'listSize' | 'popularityShare'>

const usersPerChunk = 10_000
const purchasesKept = 200

/** Factors and recent popularity -> each user's best items without those bought (M03), beside what was bought. */
export const userListsStage = (options: UserListsOptions): Stage =>
  stage({
    name: 'user-lists',
    weight: 15,
    parse: raw => Range.parse(raw),
    plan: async context => ranges((await readSummary(context)).users, usersPerChunk),
    run: async ({ from, to }, context) => {
      const users = await readNames(context, 'users', { from, to })
      const items = await readItemIds(context)
      const factors = decodeFactors(await readFactors(context))
      const exclude = await readMatrix(context, 'exclude')
      const purchases = await readPurchases(context, { from, to })
      const n = Math.min(options.listSize, items.length)
      const popularity = await readPopularity(context)
      const score = personalScores({ factors, popularity, popularityShare: options.popularityShare })
      const top = topNForUsers({ factors, n, fromUser: from, toUser: to, exclude, score })
      const list: [string, UserListsValue][] = []
      for (let user = from; user < to; user++) {
        const row = user - from
        const { items: found, scores } = top
        list.push([
          users[row] ?? '',
          {
            items: scored(row * n, top.counts[row] ?? 0, { found, scores, names: items }),
            purchases: newest(purchases, row, items),
          },
        ])
      }
      await writeList(context, 'userLists', from, list)
      return { users: list.length }
    },
  })

function newest(
  { indptr, entries }: Purchases,
  row: number,
  items: readonly string[],
): [itemId: string, second: number, times: number][] {
  const from = indptr[row] ?? 0
  const count = Math.min((indptr[row + 1] ?? from) - from, purchasesKept)
  return Array.from({ length: count }, (_, place) => {
    const [item = -1, second = 0, times = 0] = entries.subarray(3 * (from + place))
    return [items[item] ?? '', second, times]
  })
}
