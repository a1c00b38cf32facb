import type { Csr } from './csr.ts'
import { decodeModel, encodeModel } from './model-bytes.ts'

/** The latest items of the users who were here last: row 0 is the last of them. */
export interface UserHistories {
  users: number
  items: number
  /** Items of user u, newest first, are itemsOf[indptr[u]] .. itemsOf[indptr[u + 1] - 1]. */
  indptr: Uint32Array
  itemsOf: Uint32Array
  /** Users of item i, ascending and so the latest first, are usersOf[itemIndptr[i]] ..; only so many of them. */
  itemIndptr: Uint32Array
  usersOf: Uint32Array
  /** How many of the users have an item, all of them; shape (items). */
  counts: Uint32Array
  /** 32 bits of each user's id, so that nobody is their own neighbour; shape (users). */
  keys: Uint32Array
  /** Length of each user's row of idf values; shape (users). */
  norms: Float32Array
}

/**
 * Histories of at most `usersMax` users, the latest active first, with at most `itemsPerUser` items each; who has a single
 * item has nothing to tell. Lists of an item's users end after the latest `usersPerItem`.
 * @param of userItems has shape (users, items); times is the second of each of its entries; keyOf gives a user's 32 bits
 * @throws RangeError when there is not a time for each entry
 */
export function userHistories(of: {
  userItems: Csr
  times: Uint32Array
  keyOf: (user: number) => number
  usersMax: number
  itemsPerUser: number
  usersPerItem: number
}): UserHistories {
  const { userItems, times, keyOf, itemsPerUser, usersPerItem } = of
  if (times.length !== userItems.indices.length) {
    throw new RangeError(
      `Cannot make histories as times must be as many as entries: ${times.length} and ${userItems.indices.length}`,
    )
  }
  const sample = latestUsers(of)
  const lengths = sample.map(user => Math.min(itemsPerUser, userItems.indptr[user + 1]! - userItems.indptr[user]!))
  const indptr = endsOf(lengths)
  const itemsOf = new Uint32Array(indptr.at(-1) ?? 0)
  for (let row = 0; row < sample.length; row++) {
    const user = sample[row]!
    const first = userItems.indptr[user]!
    const entries = Array.from({ length: userItems.indptr[user + 1]! - first }, (_, place) => first + place)
    entries.sort((a, b) => times[b]! - times[a]! || a - b)
    for (let place = 0; place < lengths[row]!; place++) {
      itemsOf[indptr[row]! + place] = userItems.indices[entries[place]!]!
    }
  }
  const counts = new Uint32Array(userItems.columns)
  for (const item of itemsOf) counts[item]! += 1
  const rows = { users: sample.length, items: userItems.columns, indptr, itemsOf, counts }
  return { ...rows, ...usersByItem(rows, usersPerItem), keys: sample.map(keyOf), norms: normsOf(rows) }
}

/** What each item says of a user: the fewer have it, the more. ln(1 + users / users who have it); 0 when nobody has. */
export function inverseFrequencies({ users, counts }: Pick<UserHistories, 'users' | 'counts'>): Float64Array {
  return Float64Array.from(counts, count => (count === 0 ? 0 : Math.log1p(users / count)))
}

function latestUsers({ userItems, times, usersMax }: Parameters<typeof userHistories>[0]): Uint32Array {
  const { rows, indptr } = userItems
  const latest = new Float64Array(rows)
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]!; entry < indptr[user + 1]!; entry++) {
      if (times[entry]! > latest[user]!) latest[user] = times[entry]!
    }
  }
  return Uint32Array.from({ length: rows }, (_, user) => user)
    .filter(user => indptr[user + 1]! - indptr[user]! > 1)
    .sort((a, b) => latest[b]! - latest[a]! || a - b)
    .slice(0, usersMax)
}

function usersByItem(
  { users, items, indptr, itemsOf, counts }: Pick<UserHistories, 'users' | 'items' | 'indptr' | 'itemsOf' | 'counts'>,
  usersPerItem: number,
): Pick<UserHistories, 'itemIndptr' | 'usersOf'> {
  const itemIndptr = endsOf(counts.map(count => Math.min(count, usersPerItem)))
  const usersOf = new Uint32Array(itemIndptr[items]!)
  const next = itemIndptr.slice(0, items)
  for (let user = 0; user < users; user++) {
    for (let place = indptr[user]!; place < indptr[user + 1]!; place++) {
      const item = itemsOf[place]!
      if (next[item]! === itemIndptr[item + 1]!) continue
      usersOf[next[item]!++] = user
    }
  }
  return { itemIndptr, usersOf }
}

function normsOf(histories: Pick<UserHistories, 'users' | 'indptr' | 'itemsOf' | 'counts'>): Float32Array {
  const { users, indptr, itemsOf } = histories
  const idf = inverseFrequencies(histories)
  return Float32Array.from({ length: users }, (_, user) => {
    let square = 0
    for (let place = indptr[user]!; place < indptr[user + 1]!; place++) {
      square += idf[itemsOf[place]!]! ** 2
    }
    return Math.sqrt(square)
  })
}

function endsOf(lengths: Uint32Array): Uint32Array {
  const ends = new Uint32Array(lengths.length + 1)
  for (let row = 0; row < lengths.length; row++) ends[row + 1] = ends[row]! + lengths[row]!
  return ends
}

/** As bytes: shape (users, items, entries by user, entries by item), then the arrays; see `encodeModel`. */
export function encodeUserHistories(histories: UserHistories): Uint8Array {
  const { users, items, indptr, itemsOf, itemIndptr, usersOf, counts, keys, norms } = histories
  return encodeModel({
    kind: 'user histories',
    shape: [users, items, itemsOf.length, usersOf.length],
    arrays: [indptr, itemsOf, itemIndptr, usersOf, counts, keys, norms],
  })
}

/** What `encodeUserHistories` wrote. @throws RangeError when the bytes are no histories of this version */
export function decodeUserHistories(bytes: Uint8Array): UserHistories {
  const reader = decodeModel(bytes, { kind: 'user histories', dimensions: 4 })
  const [users = 0, items = 0, byUser = 0, byItem = 0] = reader.shape
  const rows = { indptr: reader.uint32(users + 1), itemsOf: reader.uint32(byUser) }
  const columns = { itemIndptr: reader.uint32(items + 1), usersOf: reader.uint32(byItem) }
  const of = { counts: reader.uint32(items), keys: reader.uint32(users), norms: reader.float32(users) }
  reader.end()
  return { users, items, ...rows, ...columns, ...of }
}
