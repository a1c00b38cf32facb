/** What a contestant took, and what came of it. */
export interface Timed<T> {
  ms: number
  result: T
}

/** Does the work once and times all of it, awaiting included. */
export async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const started = performance.now()
  const result = await work()
  return { ms: performance.now() - started, result }
}

interface Runs<T> {
  ms: number[]
  last: T
}

type Contestant<T> = () => Promise<Timed<T>>

/**
 * Lets Sidecart and its peers run in turn, A B A B, so that whatever else the machine does meets all alike: milliseconds
 * of each of `runs` runs after `warmUps` that do not count, and the last result.
 * @throws RangeError when runs is not an integer ≥ 1
 */
export async function interleave<T>(
  { sidecart }: { sidecart: Contestant<T> },
  peers: Readonly<Record<string, Contestant<T>>>,
  { runs, warmUps, step }: { runs: number; warmUps: number; step: (text: string) => void },
): Promise<{ sidecart: Runs<T>; peers: Record<string, Runs<T>> }> {
  if (!Number.isInteger(runs) || runs < 1) {
    throw new RangeError(`Cannot compare as runs must be an integer ≥ 1: current value is ${runs}`)
  }
  const all = Object.entries({ sidecart, ...peers })
  const found = new Map<string, Runs<T>>()
  for (let run = 1 - warmUps; run <= runs; run++) {
    for (const [name, contestant] of all) {
      const { ms, result } = await contestant()
      step(`  ${run < 1 ? 'warming up' : `run ${run} of ${runs}`}: ${name} ${Math.round(ms)} ms`)
      found.set(name, { ms: run < 1 ? [] : [...(found.get(name)?.ms ?? []), ms], last: result })
    }
  }
  const { sidecart: ours, ...theirs } = Object.fromEntries(found)
  if (ours === undefined) throw new Error('Sidecart took no part')
  return { sidecart: ours, peers: theirs }
}
