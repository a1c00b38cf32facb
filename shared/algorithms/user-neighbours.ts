import { bestWanted } from './best-wanted.ts'
import { TopNHeap } from './top-n-heap.ts'
import { inverseFrequencies, type UserHistories } from './user-histories.ts'

/** The items a list is made for and what each counts, the most important first; those after the 32nd do not count. */
interface NeighbourQuery {
  items: readonly number[]
  /** > 0 */
  weights: readonly number[]
  /** 32 bits of the id of the user who asks. */
  key?: number | undefined
}

/** An item that neighbours have. */
interface NeighbourItem {
  item: number
  /** Σ similarity × idf over the neighbours who have it. */
  score: number
  /** Neighbours who have it and at least one of `shared`. */
  readonly users: number
  /** Items of the query that most of the neighbours who have it share, at most three of them, most first. */
  readonly shared: readonly number[]
}

/** As many items of a query as a word has bits: which of them a user shares is one word. */
export const queryItemsMax = 32
const sharedMax = 3

/**
 * Recommends what the users nearest to a query have. With idf_i = ln(1 + users / users of i), a user is the row of idf
 * values of the items they have, a query that of weight × idf, and their similarity the cosine of the two; an item's score is the
 * sum of the similarities of the `neighbours` nearest users who have it, times its idf. Items of the query are not
 * recommended. Nearest are looked for among the users that the histories list with the query's items.
 * Source: Ludewig, Jannach, "Evaluation of session-based recommendation algorithms", UMUAI 2018, section 3.2 (V-SKNN);
 * here with the weights of the query in place of a linear decay, and users in place of sessions.
 * @returns a function that is not to be called while it runs: it keeps its working memory, 12 bytes a user and 12 an item
 */
export function userNeighbours(
  histories: UserHistories,
  { neighbours: k }: { neighbours: number },
): (query: NeighbourQuery, of: { n: number; isWanted: (item: number) => boolean }) => NeighbourItem[] {
  const idf = inverseFrequencies(histories)
  const nearest = nearestUsers(histories, idf, k)
  const scores = new Float64Array(histories.items)
  const met = new Uint32Array(histories.items)
  return (query, of) => {
    const asked = new Set(query.items.slice(0, queryItemsMax))
    const near = nearest(query)
    let metCount = 0
    for (const { user, similarity } of near) {
      for (const item of itemsOfUser(histories, user)) {
        if (asked.has(item)) continue
        if (scores[item] === 0) met[metCount++] = item
        scores[item]! += similarity * idf[item]!
      }
    }
    const items = met.subarray(0, metCount)
    const best = bestWanted(items, scores, of)
    const found = best.map(item =>
      neighbourItem({ item, score: scores[item]! }, () => reasonOf(sharedWith(item, near, histories), query)),
    )
    for (const item of items) scores[item] = 0
    return found
  }
}

interface Near {
  user: number
  similarity: number
  /** Bit q is set where the user has item q of the query. */
  sharedBits: number
}

function nearestUsers(
  { users, itemIndptr, usersOf, keys, norms }: UserHistories,
  idf: Float64Array,
  k: number,
): (query: NeighbourQuery) => Near[] {
  const products = new Float64Array(users)
  const bits = new Uint32Array(users)
  return ({ items, weights, key }) => {
    const met: number[] = []
    let square = 0
    for (const [place, item] of items.slice(0, queryItemsMax).entries()) {
      const value = weights[place]! * idf[item]!
      if (value === 0) continue
      square += value * value
      for (let at = itemIndptr[item]!; at < itemIndptr[item + 1]!; at++) {
        const user = usersOf[at]!
        if (bits[user] === 0) met.push(user)
        products[user]! += value * idf[item]!
        bits[user]! |= 1 << place
      }
    }
    const heap = new TopNHeap(Math.min(k, met.length))
    const length = Math.sqrt(square)
    for (const user of met) if (keys[user] !== key) heap.offer(user, products[user]! / (length * norms[user]!))
    const best = { indices: new Uint32Array(k), scores: new Float32Array(k), offset: 0 }
    const near = Array.from({ length: heap.drain(best) }, (_, place): Near => {
      const user = best.indices[place]!
      return { user, similarity: best.scores[place]!, sharedBits: bits[user]! }
    })
    for (const user of met) {
      products[user] = 0
      bits[user] = 0
    }
    return near
  }
}

const itemsOfUser = ({ indptr, itemsOf }: UserHistories, user: number): Uint32Array =>
  itemsOf.subarray(indptr[user]!, indptr[user + 1]!)

/** What every neighbour who has the item shares with the query. */
const sharedWith = (item: number, near: readonly Near[], histories: UserHistories): number[] =>
  near.flatMap(({ user, sharedBits }) => (itemsOfUser(histories, user).includes(item) ? sharedBits : []))

/** Which users it comes from, by what they share, is worked out when it is asked for: of most items nobody does. */
function neighbourItem(
  of: Pick<NeighbourItem, 'item' | 'score'>,
  reason: () => Pick<NeighbourItem, 'users' | 'shared'>,
): NeighbourItem {
  let told: ReturnType<typeof reason> | undefined
  const known = () => {
    told ??= reason()
    return told
  }
  return {
    ...of,
    get users() {
      return known().users
    },
    get shared() {
      return known().shared
    },
  }
}

function reasonOf(bits: readonly number[], query: NeighbourQuery): Pick<NeighbourItem, 'users' | 'shared'> {
  const asked = query.items.slice(0, queryItemsMax)
  const users = new Uint32Array(asked.length)
  for (const word of bits)
    for (let left = word; left !== 0; left &= left - 1) users[31 - Math.clz32(left & -left)]! += 1
  const most = asked.map((item, place) => ({ item, place, users: users[place]! })).filter(each => each.users > 0)
  const listed = most.sort((a, b) => b.users - a.users).slice(0, sharedMax)
  const mask = listed.reduce((all, { place }) => all | (1 << place), 0)
  return {
    shared: listed.map(({ item }) => item),
    users: bits.reduce((count, word) => count + Number((word & mask) !== 0), 0),
  }
}
