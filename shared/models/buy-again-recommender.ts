import { dueness, repurchase } from '../algorithms/repurchase.ts'
import type { Recommender, TrainingSet } from './recommender.ts'

const daySeconds = 86_400
/** As a request has it: as many purchases make an interval of the user's own, of at least so many days. */
const ownTimesMin = 3
const ownDaysMin = 0.5

interface Bought {
  first: number
  last: number
  times: number
}

/**
 * What a user bought, by how due it is as of the end of the training set and by how many buy it again; of items less due than a
 * request would propose, too, so that a list has no gaps.
 */
export function buyAgainRecommender({ train, sales, until = 0 }: TrainingSet): Recommender {
  const items = train.columns
  const order = Array.from(sales.item, (_, sale) => sale).sort((a, b) => sales.at[a]! - sales.at[b]!)
  const column = (values: ArrayLike<number>) => order.map(sale => values[sale]!)
  const sorted = { user: column(sales.user), item: column(sales.item), at: column(sales.at) }
  const categories = { categoryOf: new Uint8Array(items), categories: 1 }
  const index = repurchase(sorted, { users: train.rows, items, ...categories })
  const boughtOf = new Map<number, Map<number, Bought>>()
  for (const [sale, user] of sorted.user.entries()) {
    const own = boughtOf.get(user) ?? new Map<number, Bought>()
    boughtOf.set(user, own)
    const [item, at] = [sorted.item[sale]!, sorted.at[sale]!]
    const before = own.get(item)
    own.set(item, { first: before?.first ?? at, last: at, times: (before?.times ?? 0) + 1 })
  }
  return {
    ...{ algorithm: 'buy-again', parameters: {} },
    scoreItems: (user, scores) => {
      const own = boughtOf.get(user)
      if (!own || !index) return false
      scores.fill(0)
      for (const [item, bought] of own) {
        const intervalDays = ownInterval(bought) ?? index.intervalDays[item]!
        const due = dueness((until - bought.last) / daySeconds, { intervalDays, spread: index.spread })
        scores[item] = (due * (bought.times - 1 + index.repeatShare[item]!)) / bought.times
      }
      return true
    },
  }
}

function ownInterval({ first, last, times }: Bought): number | undefined {
  const days = (last - first) / daySeconds / (times - 1)
  return times < ownTimesMin || days < ownDaysMin ? undefined : days
}
