import { badRequest } from '../errors.ts'
import type { Json } from '../json.ts'

// Source: Microsoft, "Azure Cosmos DB service quotas", per-item limits.
const MAX_LEVELS = 128

/**
 * Refuses a document that is nested too deeply, or holds a number beyond 64-bit floating point, which JSON can write.
 * @throws CosmosError 400
 */
export function checkNesting(value: Json, level = 1): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw badRequest('The document has a number beyond the range of IEEE 754 binary64.')
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (level > MAX_LEVELS) throw badRequest(`The document has more than ${MAX_LEVELS} levels of nesting.`)
  for (const child of Array.isArray(value) ? value : Object.values(value)) checkNesting(child, level + 1)
}
