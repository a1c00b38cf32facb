import { brokenPromises } from './dirty-shop-holds.ts'
import type { DurabilityCount } from './durability-run.ts'

/**
 * Takes so many shops with broken rows into the lake, one a seed, from seed 1 on, while workers die. Acknowledged are rows of
 * files and events; lost is every promise that a seed breaks, which is printed.
 */
export async function dirtyShopDurability({
  rounds,
  onRound,
}: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}): Promise<DurabilityCount> {
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  for (let seed = 1; seed <= rounds; seed++) {
    const { broken, rows } = await brokenPromises(seed)
    for (const sentence of broken) console.error(sentence)
    count.rounds += 1
    count.acknowledged += rows
    count.lost += broken.length
    onRound?.({ ...count })
  }
  return count
}
