import { decodeFactors } from '../algorithms/als.ts'
import { topNForUsers } from '../algorithms/top-n.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { UserListsValue } from '../schemas/published.ts'
import { readMatrix, readNames, readPurchases } from './dataset-blobs.ts'
import { readFactors } from './factors-stage.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { Range, ranges } from './ranges.ts'
import { scored } from './scored.ts'

const usersPerChunk = 10_000
const purchasesKept = 200

/** Factors -> each user's best items without those bought (M03), beside what was bought. */
export const userListsStage = (options: Pick<TrainingOptions, 'listSize'>): Stage =>
  stage({
    name: 'user-lists',
    weight: 15,
    parse: raw => Range.parse(raw),
    plan: async context => ranges((await readNames(context)).users.length, usersPerChunk),
    run: async ({ from, to }, context) => {
      const { users, items } = await readNames(context)
      const factors = decodeFactors(await readFactors(context))
      const exclude = await readMatrix(context, 'exclude')
      const purchases = await readPurchases(context)
      const n = Math.min(options.listSize, items.length)
      const top = topNForUsers({ factors, n, fromUser: from, toUser: to, exclude })
      const list: [string, UserListsValue][] = []
      for (let user = from; user < to; user++) {
        const row = user - from
        const { items: found, scores } = top
        const bought = (purchases[user] ?? []).slice(0, purchasesKept)
        list.push([
          users[user] ?? '',
          {
            items: scored(row * n, top.counts[row] ?? 0, { found, scores, names: items }),
            purchases: bought.map(([item, second, times]) => [items[item] ?? '', second, times]),
          },
        ])
      }
      await writeList(context, 'userLists', from, list)
      return { users: list.length }
    },
  })
