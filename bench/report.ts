import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Runs } from './interleave.ts'
import { fourDigits, type Spread, spread } from './spread.ts'

/** One case of a bench: what Sidecart took, what others took for the same, ratio = ours / peer. */
export interface BenchResult {
  case: string
  sidecart: Spread & { unit: string }
  peers: Record<string, Spread>
  ratio: Record<string, number>
  quality: Record<string, number | string>
}

/** What the command line asks of a bench besides its name; most have nothing to choose. */
export interface BenchOptions {
  /** Also the largest shop the mission names. */
  large: boolean
  /** Times over sizes instead of comparisons at one. */
  curves: boolean
  /** The generated shop's size; each bench has its own default. */
  profile?: string | undefined
  /** The parameters of ALS, Sidecart's and its peers'. */
  alpha: number
  /** Requests a second and for how long, in the place of the bench's own schedule. */
  rate?: number | undefined
  seconds?: number | undefined
  /** Events a second beside the requests. */
  events?: number | undefined
  regularization: number
}

/** Runs a bench; `step` is told what it is at. */
export type Bench = (step: (text: string) => void, options: BenchOptions) => Promise<BenchResult[]>

/** A case with nothing to compare to. */
export function lone(
  name: string,
  { values, unit, quality = {} }: { values: readonly number[]; unit: string; quality?: BenchResult['quality'] },
): BenchResult {
  return { case: name, sidecart: { ...spread(values), unit }, peers: {}, ratio: {}, quality }
}

/** A case beside what others took for the same, in milliseconds; the median of the processor time stands with the quality. */
export function compared(
  name: string,
  of: {
    sidecart: Omit<Runs<unknown>, 'last'>
    peers: Readonly<Record<string, Omit<Runs<unknown>, 'last'>>>
    quality: BenchResult['quality']
  },
): BenchResult {
  const sidecart = spread(of.sidecart.ms)
  const peers: BenchResult['peers'] = {}
  const ratio: BenchResult['ratio'] = {}
  const quality: BenchResult['quality'] = { sidecart_cpu_ms: spread(of.sidecart.cpuMs).median }
  for (const [peer, { ms, cpuMs }] of Object.entries(of.peers)) {
    const theirs = spread(ms)
    peers[peer] = theirs
    ratio[peer] = fourDigits(sidecart.median / theirs.median)
    quality[`${peer}_cpu_ms`] = spread(cpuMs).median
  }
  return { case: name, sidecart: { ...sidecart, unit: 'ms' }, peers, ratio, quality: { ...quality, ...of.quality } }
}

/** A figure means something only with the machine beside it. */
export function machine(now: Date): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: now.toISOString(),
  }
}

export function printTable(bench: string, on: Record<string, string | number>, results: readonly BenchResult[]): void {
  console.log(`${bench} on ${on.cpu}, ${on.cores} cores, ${on.memory_gb} GB, Node ${on.node}, ${on.date}`)
  for (const { case: name, sidecart, peers, ratio, quality } of results) {
    const { median, min, max, unit } = sidecart
    console.log(`\n${name}\n  median ${median} ${unit}, min ${min}, max ${max}`)
    for (const [peer, theirs] of Object.entries(peers)) {
      const times = fourDigits(1 / (ratio[peer] ?? Number.NaN))
      console.log(
        `  ${peer}: median ${theirs.median} ${unit}, min ${theirs.min}, max ${theirs.max}: ratio ${ratio[peer]}, Sidecart ${times} times as fast`,
      )
    }
    for (const [what, value] of Object.entries(quality)) console.log(`  ${what.replaceAll('_', ' ')}: ${value}`)
  }
}
