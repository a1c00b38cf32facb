import { decodeFactors } from '../algorithms/als.ts'
import { topNForUsers } from '../algorithms/top-n.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { UserListsValue } from '../schemas/published.ts'
import { readMatrix, readNames, readPurchases } from './dataset-blobs.ts'
import { readFactors } from './factors-stage.ts'
import { writeList } from './lists.ts'
import type { TrainingOptions } from './options.ts'
import { personalScores } from './personal-scores.ts'
import { Range, ranges } from './ranges.ts'
import { recentPopularity } from './recent-popularity.ts'
import { scored } from './scored.ts'

type UserListsOptions = Pick<TrainingOptions, 'listSize' | 'popularityHalfLifeMs' | 'popularityShare'>

const usersPerChunk = 10_000
const purchasesKept = 200

/** Factors and recent popularity -> each user's best items without those bought (M03), beside what was bought. */
export const userListsStage = (options: UserListsOptions): Stage =>
  stage({
    name: 'user-lists',
    weight: 15,
    parse: raw => Range.parse(raw),
    plan: async context => ranges((await readNames(context)).users.length, usersPerChunk),
    run: async ({ from, to }, context) => {
      const { users, items, sales, until } = await readNames(context)
      const factors = decodeFactors(await readFactors(context))
      const exclude = await readMatrix(context, 'exclude')
      const purchases = await readPurchases(context)
      const n = Math.min(options.listSize, items.length)
      const halfLifeMs = options.popularityHalfLifeMs
      const popularity = recentPopularity(sales, { items: items.length, until, halfLifeMs })
      const score = personalScores({ factors, popularity, popularityShare: options.popularityShare })
      const top = topNForUsers({ factors, n, fromUser: from, toUser: to, exclude, score })
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
