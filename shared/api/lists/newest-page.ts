import type { Documents, QueryConditions } from '../../ports.ts'
import type { Collection } from '../../schemas/collections.ts'
import { placeAt, placeCursorOf } from './place-cursor.ts'

interface Wanted<T> extends Pick<QueryConditions<T>, 'partition' | 'equal'> {
  /** The field that tells when. */
  newestBy: keyof T & string
  idOf: (document: T) => string
  limit: number
  cursor?: string | undefined
}

interface Place {
  at: string
  id: string
}

/** What a cursor is of: the last document that was shown. */
const order = 'newest'
const placeOf = ([at, id]: readonly unknown[]): Place | undefined =>
  typeof at === 'string' && typeof id === 'string' ? { at, id } : undefined

/**
 * A page of documents of which there are some tens a day, the newest first: those before the cursor's place are passed
 * over. What comes while somebody pages moves nothing.
 * @throws AppError `invalid_query` for a cursor of another list
 */
export async function newestPage<T>(
  collection: Collection<T>,
  { newestBy, idOf, limit, cursor, ...conditions }: Wanted<T>,
  documents: Documents,
): Promise<{ shown: T[]; next_cursor: string | null }> {
  const after = cursor === undefined ? undefined : placeAt(cursor, order, placeOf)
  const within = after === undefined ? { limit: limit + 1 } : {}
  const timeOf = (document: T) => String(document[newestBy])
  const found: T[] = []
  let isPassed = after === undefined
  search: for await (const page of documents.query(collection, { ...conditions, newestBy, ...within })) {
    for (const document of page) {
      if (isPassed || timeOf(document) < (after?.at ?? '')) found.push(document)
      isPassed ||= idOf(document) === after?.id
      if (found.length > limit) break search
    }
  }
  const shown = found.slice(0, limit)
  const last = found.length > limit ? shown.at(-1) : undefined
  return { shown, next_cursor: last === undefined ? null : placeCursorOf(order, [timeOf(last), idOf(last)]) }
}
