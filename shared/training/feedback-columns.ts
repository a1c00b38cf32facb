import { identityHash } from '../algorithms/identity-hash.ts'
import { decodeModel, decodeModelShape, encodeModel, modelHeaderBytes } from '../algorithms/model-bytes.ts'
import { type NameList, nameListOf } from '../algorithms/name-list.ts'

/** Events in columns, one entry an event; users and items are numbered in order of appearance. 37 bytes an event. */
export interface FeedbackColumns {
  users: NameList
  items: NameList
  user: Uint32Array
  item: Uint32Array
  /** Index into `eventTypes`. */
  type: Uint8Array
  /** Second since 1970. */
  second: Uint32Array
  /** Of a rating or of feedback; 0 otherwise. */
  value: Float32Array
  /** `identityHash` of the basket; 0 when the event is no purchase. */
  basket: Float64Array
  /** `identityHash` of the event's identity, by which a second copy is known. */
  key: Float64Array
}

/** One event; names instead of numbers. */
export interface FeedbackLine {
  userId: string
  itemId: string
  basket: string | undefined
  type: number
  /** Milliseconds since 1970. */
  at: number
  value: number
  identity: string
}

/** Times are kept from 1970 to 2106; one outside counts as the nearest. */
const latestSecond = 2 ** 32 - 1

/** Puts line after line into columns. */
export function feedbackWriter(): { add(line: FeedbackLine): void; columns(): FeedbackColumns } {
  const users = numbering()
  const items = numbering()
  let length = 0
  let columns = emptyColumns(1024)
  return {
    add: ({ userId, itemId, basket, type, at, value, identity }) => {
      if (length === columns.key.length) columns = resized(columns, 2 * length)
      columns.user[length] = users.numberOf(userId)
      columns.item[length] = items.numberOf(itemId)
      columns.type[length] = type
      columns.second[length] = Math.min(Math.max(0, Math.floor(at / 1000)), latestSecond)
      columns.value[length] = value
      columns.basket[length] = basket === undefined ? 0 : identityHash(basket)
      columns.key[length] = identityHash(identity)
      length += 1
    },
    columns: () => ({ users: nameListOf(users.names), items: nameListOf(items.names), ...resized(columns, length) }),
  }
}

/** The columns as bytes: shape (events, users, their bytes, items, their bytes), then the widest columns first. */
export function encodeFeedback({ users, items, ...columns }: FeedbackColumns): Uint8Array {
  const { user, item, type, second, value, basket, key } = columns
  return encodeModel({
    kind: 'feedback',
    shape: [key.length, users.offsets.length - 1, users.bytes.length, items.offsets.length - 1, items.bytes.length],
    arrays: [key, basket, user, item, second, value, users.offsets, items.offsets, type, users.bytes, items.bytes],
  })
}

export const feedbackHeaderBytes = modelHeaderBytes(5)

/** How many events there are, by the first `feedbackHeaderBytes` bytes of encoded columns. */
export function feedbackEvents(header: Uint8Array): number {
  return decodeModelShape(header, { kind: 'feedback', dimensions: 5 })[0] ?? 0
}

/** The columns that `encodeFeedback` wrote. @throws RangeError when the bytes are not feedback of this version */
export function decodeFeedback(bytes: Uint8Array): FeedbackColumns {
  const reader = decodeModel(bytes, { kind: 'feedback', dimensions: 5 })
  const [length = 0, users = 0, userBytes = 0, items = 0, itemBytes = 0] = reader.shape
  const wide = { key: reader.float64(length), basket: reader.float64(length) }
  const numbers = { user: reader.uint32(length), item: reader.uint32(length), second: reader.uint32(length) }
  const value = reader.float32(length)
  const offsets = { users: reader.uint32(users + 1), items: reader.uint32(items + 1) }
  const type = reader.uint8(length)
  const names = {
    users: { offsets: offsets.users, bytes: reader.uint8(userBytes) },
    items: { offsets: offsets.items, bytes: reader.uint8(itemBytes) },
  }
  reader.end()
  return { ...names, ...wide, ...numbers, value, type }
}

type Columns = Omit<FeedbackColumns, 'users' | 'items'>

function emptyColumns(length: number): Columns {
  return {
    user: new Uint32Array(length),
    item: new Uint32Array(length),
    type: new Uint8Array(length),
    second: new Uint32Array(length),
    value: new Float32Array(length),
    basket: new Float64Array(length),
    key: new Float64Array(length),
  }
}

function resized(from: Columns, length: number): Columns {
  const to = emptyColumns(length)
  to.user.set(from.user.subarray(0, length))
  to.item.set(from.item.subarray(0, length))
  to.type.set(from.type.subarray(0, length))
  to.second.set(from.second.subarray(0, length))
  to.value.set(from.value.subarray(0, length))
  to.basket.set(from.basket.subarray(0, length))
  to.key.set(from.key.subarray(0, length))
  return to
}

/** Gives each name the next free number, from 0. */
function numbering(): { names: string[]; numberOf(name: string): number } {
  const names: string[] = []
  const numbers = new Map<string, number>()
  return {
    names,
    numberOf: name => {
      const known = numbers.get(name)
      if (known !== undefined) return known
      names.push(name)
      numbers.set(name, names.length - 1)
      return names.length - 1
    },
  }
}
