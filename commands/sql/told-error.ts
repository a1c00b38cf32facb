import { SqlError } from '../../shared/schemas/errors.ts'
import { LakeError } from '../lake/open-lake.ts'

/** What went wrong in words for people: of a statement, the database's own, with the place; undefined for a bug. */
export function toldError(error: unknown): string | undefined {
  if (error instanceof SqlError) return error.cause instanceof Error ? error.cause.message : error.message
  if (error instanceof LakeError || error instanceof RangeError) return error.message
  return undefined
}
