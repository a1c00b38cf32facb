import { diagonalise, type FixedSide, prepareStrided } from '../algorithms/als-half-step.ts'
import { decodeGramian } from '../algorithms/factor-rows.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { startingFactors } from '../algorithms/starting-factors.ts'
import { layOutRows, strideOf } from '../algorithms/strided-rows.ts'
import { readContent } from './content-blobs.ts'
import { rowsOfHalf } from './half-step-plan.ts'
import { readSide, type Side } from './half-step-sides.ts'
import { readFactorRows, readFactorRowsInto } from './model.ts'
import type { Solving } from './solving.ts'

/** Where the side comes from that a half-step solves against: the half-step before, or the start. */
type FixedSource = { type: 'start' } | ({ type: 'side' } & Side)

export async function fixedSource(half: number, { context }: Solving): Promise<FixedSource> {
  return half === 0 ? { type: 'start' } : { type: 'side', ...(await readSide(context, half - 1)) }
}

/** All that a fixed side's values depend on. */
export function fixedKey(source: FixedSource, { fit, seed }: Solving): string {
  const of = source.type === 'start' ? { seed, items: fit.items } : { parts: source.parts.map(({ sha256 }) => sha256) }
  return JSON.stringify({ factors: fit.factors, ...of })
}

/** The side that half-step `half` solves against, in the workspace, shape (rows, stride). */
export async function layOutFixed(
  source: FixedSource,
  { half, workspace }: { half: number; workspace: Workspace },
  { fit, seed, context }: Solving,
): Promise<Float32Array<SharedArrayBuffer>> {
  const { factors } = fit
  const rows = { from: 0, to: rowsOfHalf(half + 1, fit) }
  if (source.type === 'start') return layOutRows(workspace, startingFactors({ factors, seed, ...rows }), factors)
  const from = { parts: source.parts, factors, ...rows }
  const { blobs } = context.ports
  if (strideOf(factors) !== factors) return layOutRows(workspace, await readFactorRows(from, blobs), factors)
  const strided = workspace.float32(rows.to * factors)
  await readFactorRowsInto(strided, from, blobs)
  return strided
}

/** As `layOutFixed`, ready to be solved against, with the Gramian that was kept beside. */
export async function readFixed(
  source: FixedSource,
  { half, workspace }: { half: number; workspace: Workspace },
  solving: Solving,
): Promise<FixedSide> {
  const { factors } = solving.fit
  const strided = await layOutFixed(source, { half, workspace }, solving)
  if (source.type === 'start') return prepareStrided(workspace, strided, factors)
  const gramian = decodeGramian(await readContent(source.gramian, solving.context.ports.blobs))
  return diagonalise(workspace, { factors, gramian, strided })
}
