import { addPair, type RowReader } from './interaction-table.ts'

const pair = /^\(([^,]+),([^)]+)\)$/

/** `(user,testItem)` and then the user's negative items, as NCF publishes them; anything else is read by `otherwise`. */
export function candidateRows(otherwise: RowReader): RowReader {
  let isNegatives: boolean | undefined
  return (line, into) => {
    isNegatives ??= line.startsWith('(')
    if (!isNegatives) return otherwise(line, into)
    const [head = '', ...itemIds] = line.trim().split(/\s+/)
    const [, userId] = pair.exec(head) ?? []
    if (userId === undefined) return { column: '1', value: head, reason: 'must have the form (user,item)' }
    for (const itemId of itemIds) addPair(into, userId, itemId)
    return undefined
  }
}
