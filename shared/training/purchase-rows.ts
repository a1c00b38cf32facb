const latestSecond = 2 ** 32 - 1
/** Seconds take 32 of the 53 bits of a whole number; the place within a row gets the others. */
const places = 2 ** 21

/** Gathers purchases row by row, items ascending within a row, and leaves each row newest first, then by item. */
export function purchaseRows(
  rows: number,
  entriesMax: number,
): {
  add(row: number, purchase: { item: number; second: number; times: number }): void
  /** Three numbers a purchase, of row r at 3 × indptr[r] .. 3 × indptr[r + 1] - 1. */
  purchases(): { indptr: Uint32Array; entries: Uint32Array }
} {
  const indptr = new Uint32Array(rows + 1)
  const entries = new Uint32Array(3 * entriesMax)
  let length = 0
  return {
    add: (row, { item, second, times }) => {
      entries[3 * length] = item
      entries[3 * length + 1] = second
      entries[3 * length + 2] = times
      length += 1
      indptr[row + 1] = length
    },
    purchases: () => {
      for (let row = 0; row < rows; row++) {
        indptr[row + 1] = Math.max(indptr[row]!, indptr[row + 1]!)
        sortNewestFirst(entries.subarray(3 * indptr[row]!, 3 * indptr[row + 1]!))
      }
      return { indptr, entries: entries.subarray(0, 3 * length) }
    },
  }
}

function sortNewestFirst(row: Uint32Array): void {
  const count = row.length / 3
  if (count < 2) return
  if (count > places)
    throw new RangeError(`Cannot sort a row of purchases as it must hold ≤ ${places}: current value is ${count}`)
  const before = row.slice()
  const keys = Float64Array.from(
    { length: count },
    (_, place) => (latestSecond - before[3 * place + 1]!) * places + place,
  )
  keys.sort()
  for (let place = 0; place < count; place++) {
    const from = 3 * (keys[place]! % places)
    row.set(before.subarray(from, from + 3), 3 * place)
  }
}
