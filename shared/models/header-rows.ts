import { type EventType, eventTypes } from '../schemas/interaction.ts'
import { addPair, type InteractionTable, numberOf, type RowProblem, type RowReader } from './interaction-table.ts'
import { parseTimestampMs } from './parse-timestamp.ts'

const aliases = new Map([
  ['customer_id', 'user_id'],
  ['product_id', 'item_id'],
  ['ts', 'timestamp'],
  ['ordered_at', 'timestamp'],
  ['order_ts', 'timestamp'],
])
/** What other shops' exports call the contract's event types. */
const typeAliases = new Map<string, EventType>([
  ['addtocart', 'add_to_cart'],
  ['cart', 'add_to_cart'],
  ['transaction', 'purchase'],
  ['buy', 'purchase'],
])
/** Being shown an item is no sign of interest: there is nothing in it to train on or to judge by. */
const signs = eventTypes.filter(type => type !== 'impression')
const types = new Map<string, EventType>([...typeAliases, ...signs.map(type => [type, type] as const)])

/**
 * Rows under a header with user_id and item_id and, where there are any, event_type, value and timestamp, in any order;
 * other columns are not read. Rows with an order_id and no event_type are order lines: each is a purchase. A CSV field may stand in double quotes, but not go over several lines.
 */
export function headerRows(separator: ',' | '\t'): RowReader {
  let columns: string[] | undefined
  const split = separator === ',' ? splitCsv : (line: string) => line.split('\t')
  return (line, into) => {
    const fields = split(line)
    if (!fields) return { column: '(row)', value: line, reason: 'must close its double quote on the same line' }
    if (!columns) {
      columns = columnNames(fields)
      return missingColumn(columns, line)
    }
    if (fields.length !== columns.length) {
      return {
        column: '(row)',
        value: line,
        reason: `must have ${columns.length} fields as the header, not ${fields.length}`,
      }
    }
    const cell = (name: string) => fields[columns?.indexOf(name) ?? -1]?.trim()
    const userId = cell('user_id')
    const itemId = cell('item_id')
    if (!userId) return { column: 'user_id', value: '', reason: 'must not be empty' }
    if (!itemId) return { column: 'item_id', value: '', reason: 'must not be empty' }
    const problem = addTyped(into.table, cell) ?? addTime(into.table, cell('timestamp'))
    if (problem) return problem
    addPair(into, userId, itemId)
    const orderId = cell('order_id')
    // A purchase whose order is not told is one by itself.
    if (orderId !== undefined) into.table.orderOf.push(numberOf(into.ids.orders, orderId || `row ${into.row}`))
    return undefined
  }
}

function addTyped(table: InteractionTable, cell: (name: string) => string | undefined): RowProblem | undefined {
  const isOrderLine = cell('order_id') !== undefined
  const typeName = cell('event_type') ?? (isOrderLine ? 'purchase' : undefined)
  if (typeName === undefined) return undefined
  const type = types.get(typeName.toLowerCase())
  if (!type) return { column: 'event_type', value: typeName, reason: `must be one of ${[...types.keys()].join(', ')}` }
  const value = cell('value') ?? ''
  if (type === 'rating' && !(value !== '' && Number(value) >= 1 && Number(value) <= 5)) {
    return { column: 'value', value, reason: 'must be a number from 1 to 5 for a rating' }
  }
  if (type === 'feedback' && Math.abs(Number(value)) !== 1) {
    return { column: 'value', value, reason: 'must be -1 or 1 for feedback' }
  }
  table.typeOf.push(type)
  table.valueOf.push(type === 'rating' || type === 'feedback' ? Number(value) : 0)
  return undefined
}

function addTime(table: InteractionTable, timestamp: string | undefined): RowProblem | undefined {
  if (timestamp === undefined) return undefined
  const at = parseTimestampMs(timestamp)
  if (at === undefined) {
    return { column: 'timestamp', value: timestamp, reason: 'must be ISO 8601 or seconds or milliseconds since 1970' }
  }
  table.atOf.push(at)
  return undefined
}

function columnNames(fields: string[]): string[] {
  const names = fields.map(field =>
    field
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  )
  return names.map(name => {
    const canonical = aliases.get(name) ?? name
    return names.includes(canonical) ? name : canonical
  })
}

function missingColumn(columns: string[], line: string): RowProblem | undefined {
  const missing = ['user_id', 'item_id'].find(name => !columns.includes(name))
  if (missing === undefined) return undefined
  const reason = 'is missing from the header (for a file without a header see --format in --help)'
  return { column: missing, value: line.slice(0, 200), reason }
}

/** The fields of a line as RFC 4180 quotes them; undefined when a quote stays open. */
function splitCsv(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  let field = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!
    if (character === '"' && isQuoted && line[at + 1] === '"') {
      field += '"'
      at += 1
    } else if (character === '"') {
      isQuoted = !isQuoted
    } else if (character === ',' && !isQuoted) {
      fields.push(field)
      field = ''
    } else {
      field += character
    }
  }
  return isQuoted ? undefined : [...fields, field]
}
