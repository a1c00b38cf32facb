import { AppError } from '../../schemas/errors.ts'

type Place = readonly (string | number)[]

/** A place in an order as a cursor; `order` tells cursors of other orders apart. */
export const placeCursorOf = (order: string, place: Place): string =>
  Buffer.from(JSON.stringify([order, ...place])).toString('base64url')

/** The place a cursor names, as `parse` reads it. @throws AppError for a cursor of another order */
export function placeAt<T>(cursor: string, order: string, parse: (place: unknown[]) => T | undefined): T {
  const raw = parsedJson(Buffer.from(cursor, 'base64url').toString())
  const place = Array.isArray(raw) && raw[0] === order ? parse(raw.slice(1)) : undefined
  if (place !== undefined) return place
  const reason = 'must be a next_cursor of an earlier answer to the same request'
  throw new AppError('invalid_query', `The query is not valid as cursor ${reason}: current value is "${cursor}"`, [
    { code: 'invalid', field: 'cursor', value: cursor, reason },
  ])
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No cursor of ours: the caller says so.
    return undefined
  }
}
