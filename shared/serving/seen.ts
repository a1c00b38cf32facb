import { nameHash } from '../algorithms/name-hash.ts'
import { AppError } from '../schemas/errors.ts'

/** Pages of one list end once so many items were shown. */
export const seenMax = 500
const version = 1
const hashBytes = 6
const reason = 'must be the next_cursor of an earlier answer to the same request'

/** What one conversation, page after page of a list, has shown so far. */
export interface Seen {
  has(itemId: string): boolean
  /** How many items that was. */
  shown: number
  /** The cursor of the page after one with these items; null once `seenMax` items were shown. */
  after(itemIds: readonly string[]): string | null
}

/**
 * A cursor names what was shown, not a place: the next page is the best of the rest, as of then. So nothing comes twice
 * and nothing is passed over, whatever moves ranks between two pages: another generation, the stock, what the user does.
 * Bytes, in base64url: the version, then 6 of the list's hash, then 6 of each item's. Of 500 items shown, one of a
 * catalogue of 100,000 is taken for another and left out with a probability of 2 in 10 million.
 * @param of.list all that makes it this list and no other; a page may be of another length
 * @throws AppError with `of.code` when the cursor is none, or of another list
 */
export function seenSoFar(
  cursor: string | undefined,
  of: { list: readonly unknown[]; code: 'invalid_query' | 'invalid_body' },
): Seen {
  const list = nameHash(JSON.stringify(of.list))
  const shown = cursor === undefined ? [] : hashesOf(cursor, list)
  if (!shown) {
    const value = cursor?.slice(0, 200) ?? null
    const part = of.code === 'invalid_query' ? 'query' : 'body'
    throw new AppError(of.code, `The ${part} is not valid as cursor ${reason}`, [
      { code: 'invalid', field: 'cursor', value, reason },
    ])
  }
  const known = new Set(shown)
  return {
    has: itemId => known.size > 0 && known.has(nameHash(itemId)),
    shown: shown.length,
    after: itemIds => {
      const all = [...shown, ...itemIds.map(nameHash)]
      return all.length >= seenMax ? null : encoded([list, ...all])
    },
  }
}

function encoded(hashes: readonly number[]): string {
  const bytes = Buffer.alloc(1 + hashBytes * hashes.length)
  bytes.writeUInt8(version)
  for (const [place, hash] of hashes.entries()) bytes.writeUIntBE(hash, 1 + hashBytes * place, hashBytes)
  return bytes.toString('base64url')
}

/** Hashes of what the cursor says was shown; undefined when it is no cursor of the list. */
function hashesOf(cursor: string, list: number): number[] | undefined {
  const bytes = Buffer.from(cursor, 'base64url')
  const count = (bytes.length - 1) / hashBytes
  if (bytes[0] !== version || !Number.isInteger(count) || count < 2 || count > seenMax) return undefined
  const [first, ...shown] = Array.from({ length: count }, (_, place) =>
    bytes.readUIntBE(1 + hashBytes * place, hashBytes),
  )
  return first === list ? shown : undefined
}
