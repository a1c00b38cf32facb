import type { DurabilityCount, DurabilityRun } from '../durability-run.ts'
import { loadBicepGrammar } from './bicep/syntax.ts'
import { allMutants, mutantText, plant, untoldMax } from './planted.ts'

/** Plants every fault, a share of them a round; lost are those that nobody told, beyond the share that may stay untold. */
export const bicepDurability: DurabilityRun = async ({ rounds, onRound }) => {
  await loadBicepGrammar()
  const mutants = allMutants(1)
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  let untold = 0
  for (let round = 0; round < rounds; round++) {
    const from = Math.floor((mutants.length * round) / rounds)
    const until = Math.floor((mutants.length * (round + 1)) / rounds)
    const { planted, survived } = plant(mutants.slice(from, until))
    for (const mutant of survived) console.error(`untold: ${mutantText(mutant)}`)
    untold += survived.length
    count.rounds = round + 1
    count.acknowledged += planted
    count.lost = Math.max(0, untold - Math.floor(count.acknowledged * untoldMax))
    onRound?.({ ...count })
  }
  console.error(`${count.acknowledged} faults planted, ${untold} untold: ${share(untold, count.acknowledged)} % told`)
  return count
}

function share(untold: number, planted: number): string {
  return (100 * (1 - untold / planted)).toFixed(1)
}
