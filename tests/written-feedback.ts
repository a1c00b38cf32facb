import { createHash } from 'node:crypto'
import { nameListOf } from '../shared/algorithms/name-list.ts'
import type { FeedbackColumns } from '../shared/training/feedback-columns.ts'

/** One event; names instead of numbers. */
export interface FeedbackLine {
  userId: string
  itemId: string
  /** Absent when it is no purchase. */
  basket: string | undefined
  /** Index into `eventTypes`. */
  type: number
  /** Seconds since 1970. */
  second: number
  value: number
  identity: string
}

/** Lines as columns, in the order given; users and items are numbered in order of appearance. */
export function writtenFeedback(lines: readonly FeedbackLine[]): FeedbackColumns {
  const users = [...new Set(lines.map(({ userId }) => userId))]
  const items = [...new Set(lines.map(({ itemId }) => itemId))]
  const [userNumbers, itemNumbers] = [users, items].map(names => new Map(names.map((name, number) => [name, number])))
  return {
    users: nameListOf(users),
    items: nameListOf(items),
    user: Uint32Array.from(lines, ({ userId }) => userNumbers?.get(userId) ?? 0),
    item: Uint32Array.from(lines, ({ itemId }) => itemNumbers?.get(itemId) ?? 0),
    type: Uint8Array.from(lines, ({ type }) => type),
    second: Uint32Array.from(lines, ({ second }) => second),
    value: Float32Array.from(lines, ({ value }) => value),
    basket: Float64Array.from(lines, ({ basket }) => (basket === undefined ? 0 : identityNumber(basket))),
    key: Float64Array.from(lines, ({ identity }) => identityNumber(identity)),
  }
}

/** The lower 53 bits of the second half of the MD5 of a text; 1 for 0. */
export function identityNumber(text: string): number {
  const half = createHash('md5').update(text).digest().readBigUInt64LE(8)
  return Math.max(1, Number(BigInt.asUintN(53, half)))
}
