import type { Container } from '../containers/container.ts'
import { badRequest } from '../errors.ts'
import { isObject, type Json, type Value } from '../json.ts'
import type { EpkRange, Partition } from '../partitions/partition.ts'

// Tokens travel in a header, whose size is limited; beyond this the rows already sent are counted instead.
const MAX_PLACE_CHARACTERS = 6000

/** The last row of a page: its item, its place among the rows of this item, and what it was ordered or grouped by. */
export interface Place {
  rid: number
  at: number
  keys?: readonly Value[] | undefined
  group?: string | undefined
}

/** Where a query goes on in a partition. */
export interface Cursor {
  /** How many rows went before, those that OFFSET skipped among them. */
  seen: number
  /** The last of them; left out at the beginning, and when it would be too long for a token. */
  last?: Place | undefined
}

export const START: Cursor = { seen: 0 }

/** A continuation token of one partition's rows. Its text is of characters that any header may have. */
export function cursorToken(cursor: Cursor, container: Container, partition: Partition): string {
  const { seen, last } = cursor
  const place = last && { ...last, keys: last.keys?.map(key => (key === undefined ? [] : [key])) }
  const whole = JSON.stringify({ partition: partition.id, seen, last: place })
  const kept = whole.length > MAX_PLACE_CHARACTERS ? JSON.stringify({ partition: partition.id, seen }) : whole
  return `-RID:~${container.rid}#${Buffer.from(kept).toString('base64url')}`
}

/** @throws CosmosError 400 for a token of another container or another partition */
export function readCursor(token: string, container: Container, partition: Partition): Cursor {
  const prefix = `-RID:~${container.rid}#`
  const value = token.startsWith(prefix) ? parse(Buffer.from(token.slice(prefix.length), 'base64url').toString()) : null
  if (!isObject(value) || value.partition !== partition.id || typeof value.seen !== 'number') {
    throw invalidToken(token, container)
  }
  return { seen: value.seen, last: readPlace(value.last) }
}

/** The token of a query that the service takes from partition to partition: as Azure's, it names the range it stands in. */
export function rangeToken(token: string, range: EpkRange): string {
  return JSON.stringify([{ token, range }])
}

export function readRangeToken(text: string, container: Container): { token: string; min: string } {
  const value = parse(text)
  const first = Array.isArray(value) ? value[0] : undefined
  const range = isObject(first) ? first.range : undefined
  if (!isObject(first) || typeof first.token !== 'string' || !isObject(range) || typeof range.min !== 'string') {
    throw invalidToken(text, container)
  }
  return { token: first.token, min: range.min }
}

export function invalidToken(token: string, container: Container) {
  return badRequest(`Invalid Continuation Token: '${token}' is none of this query on container '${container.id}'.`)
}

function readPlace(value: Json | undefined): Place | undefined {
  if (!isObject(value) || typeof value.rid !== 'number' || typeof value.at !== 'number') return undefined
  const { rid, at, keys, group } = value
  return {
    rid,
    at,
    keys: Array.isArray(keys) ? keys.map(key => (Array.isArray(key) ? key[0] : undefined)) : undefined,
    group: typeof group === 'string' ? group : undefined,
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}
