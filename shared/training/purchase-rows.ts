const latestSecond = 2 ** 32 - 1
/** Seconds take 32 of the 53 bits of a whole number; the place within a row gets the others. */
const places = 2 ** 21

/** Gathers purchases row by row, items ascending within a row, and leaves each row newest first, then by item. */
export function purchaseRows(
  rows: number,
  entriesMax: number,
): {
  add(row: number, purchase: { item: number; second: number; times: number; first: number }): void
  /** Four numbers a purchase, of row r at 4 × indptr[r] .. 4 × indptr[r + 1] - 1. */
  purchases(): { indptr: Uint32Array; entries: Uint32Array }
} {
  const indptr = new Uint32Array(rows + 1)
  const entries = new Uint32Array(4 * entriesMax)
  let length = 0
  return {
    add: (row, { item, second, times, first }) => {
      entries[4 * length] = item
      entries[4 * length + 1] = second
      entries[4 * length + 2] = times
      entries[4 * length + 3] = first
      length += 1
      indptr[row + 1] = length
    },
    purchases: () => {
      for (let row = 0; row < rows; row++) {
        indptr[row + 1] = Math.max(indptr[row]!, indptr[row + 1]!)
        sortNewestFirst(entries.subarray(4 * indptr[row]!, 4 * indptr[row + 1]!))
      }
      return { indptr, entries: entries.subarray(0, 4 * length) }
    },
  }
}

function sortNewestFirst(row: Uint32Array): void {
  const count = row.length / 4
  if (count < 2) return
  if (count > places)
    throw new RangeError(`Cannot sort a row of purchases as it must hold ≤ ${places}: current value is ${count}`)
  const before = row.slice()
  const keys = Float64Array.from(
    { length: count },
    (_, place) => (latestSecond - before[4 * place + 1]!) * places + place,
  )
  keys.sort()
  for (let place = 0; place < count; place++) {
    const from = 4 * (keys[place]! % places)
    row.set(before.subarray(from, from + 4), 4 * place)
  }
}
