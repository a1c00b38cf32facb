import { type FixedSide, gramianPartials, prepareFixed, sumGramian } from '../algorithms/als-half-step.ts'
import { decodeGramian } from '../algorithms/factor-rows.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { startingFactors } from '../algorithms/starting-factors.ts'
import { readContent } from './content-blobs.ts'
import { rowsOfHalf } from './half-step-plan.ts'
import { readSide, type Side } from './half-step-sides.ts'
import { readFactorRows } from './model.ts'
import type { Solving } from './solving.ts'

/** Where the side comes from that a half-step solves against: the half-step before, or the start. */
export type FixedSource = { type: 'start' } | ({ type: 'side' } & Side)

export async function fixedSource(half: number, { context }: Solving): Promise<FixedSource> {
  return half === 0 ? { type: 'start' } : { type: 'side', ...(await readSide(context, half - 1)) }
}

/** All that a fixed side's values depend on. */
export function fixedKey(source: FixedSource, { fit, seed }: Solving): string {
  const of = source.type === 'start' ? { seed, items: fit.items } : { parts: source.parts.map(({ sha256 }) => sha256) }
  return JSON.stringify({ factors: fit.factors, ...of })
}

/** The side that half-step `half` solves against, in the workspace and ready to be solved against. */
export async function readFixed(
  source: FixedSource,
  { half, workspace }: { half: number; workspace: Workspace },
  { fit, seed, context }: Solving,
): Promise<FixedSide> {
  const { factors } = fit
  const to = rowsOfHalf(half + 1, fit)
  if (source.type === 'start') {
    return prepareValues(workspace, startingFactors({ factors, seed, from: 0, to }), factors)
  }
  const { blobs } = context.ports
  const values = await readFactorRows({ parts: source.parts, factors, from: 0, to }, blobs)
  const gramian = decodeGramian(await readContent(source.gramian, blobs))
  return prepareFixed(workspace, { factors, values, gramian })
}

/** A whole side that is in memory, ready to be solved against. */
export async function prepareValues(workspace: Workspace, values: Float32Array, factors: number): Promise<FixedSide> {
  const whole = { factors, from: 0, totalRows: values.length / factors }
  return prepareFixed(workspace, {
    ...{ factors, values },
    gramian: sumGramian([await gramianPartials(workspace, values, whole)], factors),
  })
}
