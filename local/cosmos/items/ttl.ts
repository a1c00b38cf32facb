import { badRequest } from '../errors.ts'
import type { JsonObject } from '../json.ts'

/**
 * Whether an item has outlived its time to live; never while the container has no default.
 * Source: Microsoft, "Time to Live (TTL) in Azure Cosmos DB": the item's ttl wins over the default, -1 is for ever.
 */
export function isExpired(
  item: { ts: number; ttl: number | null },
  defaultTtl: number | undefined,
  nowSeconds: number,
): boolean {
  if (defaultTtl === undefined) return false
  const ttlSeconds = item.ttl ?? defaultTtl
  return ttlSeconds !== -1 && item.ts + ttlSeconds <= nowSeconds
}

/** The item's own time to live in seconds, null when it has none. */
export function itemTtl(document: JsonObject): number | null {
  const ttl = document.ttl
  if (ttl === undefined || ttl === null) return null
  return checkTtl(ttl, 'ttl')
}

export function checkTtl(ttl: unknown, field: string): number {
  if (typeof ttl === 'number' && Number.isInteger(ttl) && (ttl === -1 || (ttl >= 1 && ttl <= 2147483647))) return ttl
  throw badRequest(
    `The input ${field} '${JSON.stringify(ttl)}' is invalid. Ensure to provide a nonzero positive integer or -1.`,
  )
}
