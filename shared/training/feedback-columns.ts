import { decodeModel, decodeModelShape, encodeModel, modelHeaderBytes } from '../algorithms/model-bytes.ts'
import type { NameList } from '../algorithms/name-list.ts'

/** Events in columns, one entry an event; users and items go by their places in the lists of names. 37 bytes an event. */
export interface FeedbackColumns {
  users: NameList
  items: NameList
  user: Uint32Array
  item: Uint32Array
  /** Index into `eventTypes`. */
  type: Uint8Array
  /** Second since 1970, to 2106; a time outside counts as the nearest. */
  second: Uint32Array
  /** Of a rating or of feedback; 0 otherwise. */
  value: Float32Array
  /** 53 bits that tell the basket from others, from 1 on; 0 when the event is no purchase. */
  basket: Float64Array
  /** 53 bits of the event's identity, from 1 on, by which a second copy is known. */
  key: Float64Array
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

export const feedbackArrays = ['user', 'item', 'type', 'second', 'value', 'basket', 'key'] as const

/** Room for so many events. */
export function emptyFeedback(length: number): Pick<FeedbackColumns, (typeof feedbackArrays)[number]> {
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
