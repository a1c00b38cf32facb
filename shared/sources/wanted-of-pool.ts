import type { Ask } from './source.ts'

/** Whether an item may be proposed: of a pool, what is not in it is not even asked about. */
export function wantedOfPool({ pool, isWanted }: Pick<Ask, 'pool' | 'isWanted'>): (itemId: string) => boolean {
  if (!pool) return isWanted
  const inPool = new Set(pool)
  return itemId => inPool.has(itemId) && isWanted(itemId)
}
