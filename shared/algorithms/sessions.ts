import { countingOrder } from './counting-order.ts'
import { type Csr, csrFromTriples } from './csr.ts'

/**
 * What users looked at in one go: a session ends where nothing follows for longer than `gapSeconds`. A session of one item
 * says nothing of items together and is left out; of one with more than `itemsMax` the first so many count, as those who
 * look at everything say little either.
 * @param views the three arrays have one length, in the order of time; at is in seconds
 * @returns incidence, shape (sessions, items)
 */
export function viewSessions(
  views: { user: ArrayLike<number>; item: ArrayLike<number>; at: ArrayLike<number> },
  of: { users: number; items: number; gapSeconds: number; itemsMax: number },
): Csr {
  const { user, item, at } = views
  const order = countingOrder(user, of.users)
  const rowOf = new Uint32Array(order.length)
  const columnOf = new Uint32Array(order.length)
  let [entries, sessions] = [0, 0]
  let looked = new Set<number>()
  const end = (): void => {
    if (looked.size > 1) {
      for (const column of looked) {
        rowOf[entries] = sessions
        columnOf[entries] = column
        entries += 1
      }
      sessions += 1
    }
    looked = new Set()
  }
  for (let place = 0; place < order.length; place++) {
    const view = order[place]!
    const before = order[place - 1]
    const goesOn = before !== undefined && user[before] === user[view] && at[view]! - at[before]! <= of.gapSeconds
    if (!goesOn) end()
    if (looked.size < of.itemsMax) looked.add(item[view]!)
  }
  end()
  const places = { rowOf: rowOf.subarray(0, entries), columnOf: columnOf.subarray(0, entries) }
  return csrFromTriples({ rows: sessions, columns: of.items, ...places, valueOf: new Float32Array(entries).fill(1) })
}
