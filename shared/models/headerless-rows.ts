import { addPair, type RowReader } from './interaction-table.ts'
import { parseTimestampMs } from './parse-timestamp.ts'

/** `user item [rating [timestamp]]`, as MovieLens and the NCF sets have it; a rating of any height is one interaction. */
export const tripleRows: RowReader = (line, into) => {
  const [userId = '', itemId, , timestamp] = line.trim().split(/\s+/)
  if (itemId === undefined) return { column: '2', value: line, reason: 'must hold an item' }
  if (timestamp !== undefined) {
    const at = parseTimestampMs(timestamp)
    if (at === undefined) return { column: '4', value: timestamp, reason: 'must be a timestamp' }
    into.table.atOf.push(at)
  }
  const { atOf, userOf } = into.table
  if (atOf.length > 0 && atOf.length !== userOf.length + 1) {
    return { column: '4', value: timestamp ?? '', reason: 'must be a timestamp in all rows or in none' }
  }
  addPair(into, userId, itemId)
  return undefined
}

/** `user item item …`, as LightGCN and its successors publish their splits; a user alone has no items. */
export const adjacencyRows: RowReader = (line, into) => {
  const [userId = '', ...itemIds] = line.trim().split(/\s+/)
  for (const itemId of itemIds) addPair(into, userId, itemId)
  return undefined
}

/** `count item item …`, the line's number from 0 being the user, as CiteULike-a is published. */
export const countedRows: RowReader = (line, into) => {
  const [count = '', ...itemIds] = line.trim().split(/\s+/)
  if (Number(count) !== itemIds.length) {
    return { column: '1', value: count, reason: `must be the number of items that follow, ${itemIds.length}` }
  }
  for (const itemId of itemIds) addPair(into, String(into.row - 1), itemId)
  return undefined
}
