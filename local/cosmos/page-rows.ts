import { badRequest } from './errors.ts'
import type { Call } from './http.ts'

const DEFAULT_ROWS = 100

/** How many rows a page may have: 100 unless the request asks for another number; -1 leaves it to the server. */
export function pageRows(call: Call): number {
  const header = call.header('x-ms-max-item-count')
  if (header === undefined) return DEFAULT_ROWS
  const rows = Number(header)
  if (!Number.isInteger(rows) || rows < -1 || rows === 0) {
    throw badRequest(`The header x-ms-max-item-count must be -1 or a positive integer: it is '${header}'.`)
  }
  return rows === -1 ? Number.POSITIVE_INFINITY : rows
}
