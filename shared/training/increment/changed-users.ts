/** A table of users: names by row, and two words a row that change whenever one of the user's events does. */
export interface UserDigests {
  names: readonly string[]
  /** shape (users, 2) */
  digests: Uint32Array
}

export interface UserChanges {
  /** Row of the same user in the table before, -1 for a new user; shape (users now) */
  before: Int32Array
  /** 1 for users who are new or whose events are not those of before; shape (users now) */
  changed: Uint8Array
  count: number
}

/** Which users of `now` have other events than they had in `before`. Users that are gone are in neither table's way. */
export function changedUsers(before: UserDigests, now: UserDigests): UserChanges {
  const rows = rowsBefore(before.names, now.names)
  const changed = new Uint8Array(now.names.length)
  let count = 0
  for (const [user, row] of rows.entries()) {
    const same =
      row >= 0 &&
      before.digests[2 * row] === now.digests[2 * user] &&
      before.digests[2 * row + 1] === now.digests[2 * user + 1]
    if (same) continue
    changed[user] = 1
    count += 1
  }
  return { before: rows, changed, count }
}

/**
 * For each name its row in an earlier table, -1 where it has none; shape (names now). The table grows at its end, so most
 * names stand where they stood; only the others are looked up.
 */
export function rowsBefore(before: readonly string[], now: readonly string[]): Int32Array {
  const rows = new Int32Array(now.length)
  let byName: Map<string, number> | undefined
  for (const [row, name] of now.entries()) {
    if (before[row] === name) {
      rows[row] = row
      continue
    }
    byName ??= new Map(before.map((known, at) => [known, at]))
    rows[row] = byName.get(name) ?? -1
  }
  return rows
}
