/** What a contestant took, and what came of it. */
export interface Timed<T> {
  ms: number
  /** Processor time of all threads: what else the machine does weighs less on it. */
  cpuMs: number
  result: T
}

/** Does the work once and times all of it, awaiting included. */
export async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const started = performance.now()
  const cpu = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, result }
}

export interface Runs<T> {
  ms: number[]
  cpuMs: number[]
  last: T
}

type Contestant<T> = () => Promise<Timed<T>>

/**
 * Lets Sidecart and its peers run in turn, A B A B, so that whatever else the machine does meets all alike: milliseconds
 * and processor time of each of `runs` runs after `warmUps` that do not count, and the last result.
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
      const { ms, cpuMs, result } = await contestant()
      step(`  ${run < 1 ? 'warming up' : `run ${run} of ${runs}`}: ${name} ${Math.round(ms)} ms`)
      const before = run <= 1 ? { ms: [], cpuMs: [] } : (found.get(name) ?? { ms: [], cpuMs: [] })
      found.set(name, { ms: [...before.ms, ms], cpuMs: [...before.cpuMs, cpuMs], last: result })
    }
  }
  const { sidecart: ours, ...theirs } = Object.fromEntries(found)
  if (ours === undefined) throw new Error('Sidecart took no part')
  return { sidecart: ours, peers: theirs }
}
