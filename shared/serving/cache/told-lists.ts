import type { Documents } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { ListsTold } from '../../schemas/list-statistics.ts'

const key = { id: 'lists', partition: 'lists' }
/** An hour, a refresh's distance, a day, three, a week; and beyond. */
const boundsHours = [1, 6, 24, 72, 168, null] as const

/** What the last refresh counted of the lists of users, with their ages as of now; undefined before the first. */
export async function toldLists(nowMs: number, documents: Documents): Promise<ListsTold | undefined> {
  const counted = (await documents.read(collections.listStatistics, key))?.document
  if (!counted) return undefined
  const lists = counted.made.map(([second, count]) => ({ age: Math.max(0, Math.floor(nowMs / 1000) - second), count }))
  const total = lists.reduce((sum, { count }) => sum + count, 0)
  const ages = lists.reduce((sum, { age, count }) => sum + age * count, 0)
  const { users_known: users, items_known: items, items_listed: listed } = counted
  return {
    ...{ model_version: counted.model_version, counted_at: counted.generated_at },
    users: { known: users, listed: total, share: shareOf(total, users) },
    items: { known: items, listed, share: shareOf(listed, items) },
    mean_age_seconds: total === 0 ? null : Math.round(ages / total),
    staleness: histogram(lists),
  }
}

/** Who is listed may be known no longer, as a product that went away. */
const shareOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.min(1, Math.round((part / whole) * 1e6) / 1e6)

function histogram(lists: readonly { age: number; count: number }[]): ListsTold['staleness'] {
  let above = -1
  return boundsHours.map(bound => {
    const [from, to] = [above, bound === null ? Number.POSITIVE_INFINITY : bound * 3600]
    above = to
    const within = lists.filter(({ age }) => age > from && age <= to)
    return { up_to_hours: bound, lists: within.reduce((sum, { count }) => sum + count, 0) }
  })
}
