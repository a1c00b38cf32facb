/** What kill -9 under load has shown so far. */
export interface DurabilityCount {
  rounds: number
  /** Writes, events or messages whose sender was told that they are kept. */
  acknowledged: number
  /** Those of them that were not there, or not handled, afterwards. */
  lost: number
  /** Places where an order without gaps had one. */
  gaps: number
}

/** Kills a server with kill -9 under load and starts it again, so many times, and counts what it lost. */
export type DurabilityRun = (options: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}) => Promise<DurabilityCount>

/** Runs it and says a line after each round and a closing one, or JSON alone. Gives the exit code: 1 when anything is missing. */
export async function reportDurability(
  run: DurabilityRun,
  { server, rounds, json, print }: { server: string; rounds: number; json: boolean; print: (line: string) => void },
): Promise<0 | 1> {
  const started = performance.now()
  const onRound = (count: DurabilityCount) => print(`round ${count.rounds} of ${rounds}: ${countText(count)}`)
  const count = await run(json ? { rounds } : { rounds, onRound })
  const seconds = Math.round((performance.now() - started) / 1000)
  if (json) print(JSON.stringify({ server, ...count, seconds }))
  else print(`${server}: ${count.rounds} rounds in ${seconds} s, ${countText(count)}`)
  return count.lost === 0 && count.gaps === 0 && count.rounds === rounds ? 0 : 1
}

function countText({ acknowledged, lost, gaps }: DurabilityCount): string {
  return `${acknowledged.toLocaleString('en')} acknowledged, ${lost} lost, ${gaps} gaps`
}
