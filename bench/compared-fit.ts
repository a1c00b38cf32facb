import { als, type Factors } from '../shared/algorithms/als.ts'
import { alsLoss } from '../shared/algorithms/als-loss.ts'
import type { AlsParameters } from '../shared/algorithms/als-parameters.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { type AlsSet, sizeOf } from './als-sets.ts'
import { interleave, type Timed, timed } from './interleave.ts'
import { meanRecall } from './mean-recall.ts'
import { peakMemoryMb } from './peak-memory.ts'
import type { Implicit } from './peers/implicit.ts'
import { type BenchResult, compared } from './report.ts'
import { fourDigits } from './spread.ts'
import { threads } from './threads.ts'

export interface Comparison {
  factors: number
  parameters: Omit<AlsParameters, 'factors'>
  runs: number
  /** Also against the peer's exact solver. */
  cholesky: boolean
}

interface Fit {
  model: Factors
  peakMemoryMb: number
}

const seed = 1
const k = 20

/**
 * A whole fit, threads and transposing included, beside implicit's on the same matrix with the same parameters, factors and
 * threads. Quality: the loss of both by Sidecart's own code, recall@20 on entries kept aside, the most memory of the process.
 */
export async function comparedFit(
  set: AlsSet,
  { factors, parameters, runs, cholesky }: Comparison,
  { implicit, step }: { implicit: Implicit | undefined; step: (text: string) => void },
): Promise<BenchResult> {
  const title = `${set.name} ${sizeOf(set.train)}, ${describe({ ...parameters, factors })}`
  step(title)
  await implicit?.load(set.name, set.train)
  const { sidecart, peers } = await interleave(
    { sidecart: () => fitBySidecart(set.train, { ...parameters, factors }) },
    implicit
      ? {
          implicit: () => fitByImplicit(implicit, set, { ...parameters, factors, cholesky: false }),
          ...(cholesky && {
            implicit_cholesky: () => fitByImplicit(implicit, set, { ...parameters, factors, cholesky: true }),
          }),
        }
      : {},
    { runs, warmUps: 1, step },
  )
  await implicit?.drop(set.name)
  const quality: BenchResult['quality'] = { threads }
  for (const [name, { last }] of Object.entries({ sidecart, ...peers })) {
    quality[`${name}_loss`] = Math.round(alsLoss(set.train, last.model, parameters))
    quality[`${name}_recall@${k}`] = fourDigits(await meanRecall(last.model, { ...set, k }))
    quality[`${name}_peak_memory_mb`] = Math.round(last.peakMemoryMb)
  }
  return compared(title, { sidecart, peers, quality })
}

/** What both fit with, in words. */
function describe({ factors, iterations, alpha, regularization }: AlsParameters): string {
  return `${factors} factors, ${iterations} iterations, alpha ${alpha}, regularization ${regularization}`
}

async function fitBySidecart(train: Csr, parameters: AlsParameters): Promise<Timed<Fit>> {
  const fit = () => timed(() => als(train, { ...parameters, seed, threads }))
  const { result, peakMemoryMb: peak } = await peakMemoryMb(fit)
  return { ...result, result: { model: result.result, peakMemoryMb: peak } }
}

async function fitByImplicit(
  implicit: Implicit,
  { name, train }: AlsSet,
  { factors, iterations, regularization, alpha, cholesky }: AlsParameters & { cholesky: boolean },
): Promise<Timed<Fit>> {
  const options = { factors, iterations, regularization, alpha, seed, threads, cholesky }
  const { ms, cpuMs, peakMemoryMb: peak, userFactors, itemFactors } = await implicit.fit(name, options)
  const model = { factors, users: train.rows, items: train.columns, userFactors, itemFactors }
  return { ms, cpuMs, result: { model, peakMemoryMb: peak } }
}
