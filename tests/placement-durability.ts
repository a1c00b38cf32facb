import type { DurabilityCount } from './durability-run.ts'
import { brokenPlacement } from './placement-holds.ts'

const shopsPerRound = 100

/**
 * Asks 100 shops a round for three pages each while their products change, one shop a seed, from seed 1 on. Acknowledged are items
 * listed; lost is every promise that is broken, which is printed.
 */
export async function placementDurability({
  rounds,
  onRound,
}: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}): Promise<DurabilityCount> {
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  for (let round = 0; round < rounds; round++) {
    for (let seed = round * shopsPerRound + 1; seed <= (round + 1) * shopsPerRound; seed++) {
      const { broken, listed } = await brokenPlacement(seed)
      for (const sentence of broken) console.error(sentence)
      count.acknowledged += listed
      count.lost += broken.length
    }
    count.rounds += 1
    onRound?.({ ...count })
  }
  return count
}
