import { type Csr, csrFromTriples } from '../shared/algorithms/csr.ts'
import { gaussian, type Random, seededRandom } from '../shared/algorithms/random.ts'

export interface ShopMatrixOptions {
  users: number
  items: number
  /** mean over users; the matrix has nearly users x this many entries */
  perUser: number
  seed: number
}

/** A user's entries are at least this many, as in the published sets cut to their cores. */
const perUserMin = 4
const spreadOfActivity = 1.1
const itemsPerTopic = 800
const topicsPerUser = 3
const shareOfOwnTopics = 0.7

/**
 * What many shoppers did in a large shop: shape (users, items), every entry 1. Users are log-normally active, each likes
 * three topics that the items are divided into, and popularity falls as a power within a topic and among topics, so that
 * the first tenth of the items has some two fifths of the entries. Numbers of items say nothing of their popularity.
 */
export function shopMatrix({ users, items, perUser, seed }: ShopMatrixOptions): Csr {
  const random = seededRandom(seed)
  const topics = Math.max(1, Math.round(items / itemsPerTopic))
  const itemAt = shuffled(items, random)
  const scale = (perUser - perUserMin) / Math.exp(spreadOfActivity ** 2 / 2)
  const rowOf: number[] = []
  const columnOf: number[] = []
  const lastUserOf = new Int32Array(items).fill(-1)
  for (let user = 0; user < users; user++) {
    const active = perUserMin + Math.round(scale * Math.exp(spreadOfActivity * gaussian(random)))
    const own = Array.from({ length: topicsPerUser }, () => drawTopic(topics, random))
    // A repeat of an item is not drawn again: it makes the most active users a little less so.
    for (let draw = 0; draw < Math.min(active, items / 4); draw++) {
      const topic = random() < shareOfOwnTopics ? own[Math.floor(random() * topicsPerUser)]! : drawTopic(topics, random)
      const place = Math.floor((items / topics) * random() ** 2.5)
      const item = itemAt[Math.min(items - 1, Math.floor((topic * items) / topics) + place)]!
      if (lastUserOf[item] === user) continue
      lastUserOf[item] = user
      rowOf.push(user)
      columnOf.push(item)
    }
  }
  return csrFromTriples({
    rows: users,
    columns: items,
    rowOf,
    columnOf,
    valueOf: new Float32Array(rowOf.length).fill(1),
  })
}

function drawTopic(topics: number, random: Random): number {
  return Math.floor(topics * random() ** 1.5)
}

function shuffled(length: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = order[last]!
    order[last] = order[other]!
    order[other] = kept
  }
  return order
}
