import { z } from 'zod'
import { sumGramian } from '../algorithms/als-half-step.ts'
import { decodeGramian, encodeGramian } from '../algorithms/factor-rows.ts'
import { readJson, writeJson } from '../runs/run-blobs.ts'
import type { StageContext } from '../runs/stage.ts'
import { ContentBlob, FactorsPart } from '../schemas/model.ts'
import { modelBlobs, readContent, writeContent } from './content-blobs.ts'
import { type Fit, type HalfStepChunk, rowsOfHalf } from './half-step-plan.ts'
import { Range } from './ranges.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** What one chunk solved in a half-step. */
const SolvedRows = Range.extend({ parts: z.array(FactorsPart), partials: ContentBlob })
type SolvedRows = z.infer<typeof SolvedRows>

/** A side as a half-step left it: the checkpoint from which the next one goes on. */
const Side = z.object({ parts: z.array(FactorsPart), gramian: ContentBlob })
export type Side = z.infer<typeof Side>

const numbered = (number: number, digits: number) => String(number).padStart(digits, '0')
const solvedFile = (half: number, from: number) => `factors/solved/${numbered(half, 4)}/${numbered(from, 9)}.json`
const sideFile = (half: number) => `factors/sides/${numbered(half, 4)}.json`

/** Where the factors of a half-step are kept: with the models when they are the last of their side, else with the run. */
export const factorsFolder = ({ runId }: Pick<StageContext, 'runId'>, half: number, { halves }: Fit): string =>
  half >= halves - 2 ? modelBlobs : `runs/${runId}/factors/blobs`

/** The half-steps of a chunk whose factors are kept: its last, and the last of either side. */
export function keptHalves({ half, halves }: HalfStepChunk, fit: Fit): number[] {
  const last = half + halves - 1
  const all = Array.from({ length: halves }, (_, step) => half + step)
  return all.filter(each => each === last || each >= fit.halves - 2)
}

export const writeSolved = (run: Run, half: number, solved: SolvedRows): Promise<void> =>
  writeJson(run, solvedFile(half, solved.from), solved)

/** @throws Error when the half-step has not left its side yet */
export const readSide = (run: Run, half: number): Promise<Side> => readJson(run, sideFile(half), Side)

/**
 * Puts together what the chunks of a round left: each side that was kept, with the Gramian summed in the order of rows.
 * @throws Error when a chunk left nothing
 */
export async function reduceRound(run: Run, chunks: readonly HalfStepChunk[], fit: Fit): Promise<void> {
  const [first] = chunks
  if (!first) return
  for (const half of keptHalves(first, fit)) {
    const froms = first.halves > 1 ? [0] : chunks.map(({ from }) => from)
    const solved = await Promise.all(froms.map(from => readJson(run, solvedFile(half, from), SolvedRows)))
    const end = solved.reduce((next, { from, to }) => (from === next ? to : Number.NaN), 0)
    if (end !== rowsOfHalf(half, fit)) {
      throw new RangeError(`Cannot put half-step ${half} together as its ${fit.halves} chunks do not follow each other`)
    }
    const { blobs } = run.ports
    const partials: Float64Array[] = []
    for (const each of solved) partials.push(decodeGramian(await readContent(each.partials, blobs)))
    const gramian = encodeGramian(sumGramian(partials, fit.factors))
    const folder = factorsFolder(run, half, fit)
    const side: Side = {
      parts: solved.flatMap(({ parts }) => parts),
      gramian: await writeContent(gramian, { folder, blobs }),
    }
    await writeJson(run, sideFile(half), side)
  }
}
