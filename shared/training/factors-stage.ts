import { z } from 'zod'
import { gramianBlockRows } from '../algorithms/als-side.ts'
import { readBytes } from '../runs/run-blobs.ts'
import { type RoundBefore, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { type ContentBlob, type ModelManifest, manifestPath } from '../schemas/model.ts'
import { modelBlobs, writeContent } from './content-blobs.ts'
import { readMatrixIndptr, readSummary } from './dataset-blobs.ts'
import { cutByWork, type Fit, type HalfStepChunk, halfStepWork, planHalfSteps, rowsOfHalf } from './half-step-plan.ts'
import { readSide, reduceRound } from './half-step-sides.ts'
import { assumedSpeed, measuredSpeed, trialSpeed } from './kernel-speed.ts'
import type { TrainingOptions } from './options.ts'
import { Range } from './ranges.ts'
import { solveChunk } from './solve-chunk.ts'

type FactorsOptions = Pick<TrainingOptions, 'als' | 'seed' | 'instance'>

const Chunk = Range.extend({ half: z.int().nonnegative(), halves: z.int().positive() })

/**
 * User-item matrix -> ALS factors, in rounds: one half-iteration a round, cut by work, each with its side as checkpoint;
 * or as many half-iterations in one chunk as there is time and memory for. The same factors, however they are cut.
 */
export const factorsStage = (options: FactorsOptions): Stage =>
  stage<HalfStepChunk>({
    name: 'factors',
    weight: 40,
    parse: raw => Chunk.parse(raw),
    plan: context => planRound(context, options),
    planNext: (context, before) => planRound(context, options, before),
    run: async (chunk, context) => {
      const { als, seed, instance } = options
      return solveChunk(chunk, { fit: await fitOf(context, options), als, seed, threads: instance.threads, context })
    },
  })

async function planRound(
  context: StageContext,
  options: FactorsOptions,
  before?: RoundBefore<HalfStepChunk>,
): Promise<HalfStepChunk[]> {
  const { als, instance } = options
  const fit = await fitOf(context, options)
  const [last] = before?.chunks ?? []
  const half = last ? last.half + last.halves : 0
  if (before) await reduceRound(context, before.chunks, fit)
  if (half >= fit.halves) {
    await writeManifest(context, fit, options)
    return []
  }
  const speed = before
    ? (measuredSpeed(before.metrics) ?? assumedSpeed(instance.threads))
    : await speedToBegin(fit, options, context)
  const chunks = await planHalfSteps(half, {
    ...{ fit, speed, instance },
    cut: async (of, count) =>
      cutByWork(await readMatrixIndptr(context, of % 2 === 0 ? 'user-items' : 'item-users'), {
        chunks: count,
        blockRows: gramianBlockRows(rowsOfHalf(of, fit)),
        workPerRow: als.factors / (2 * als.conjugateGradientSteps + 1),
      }),
  })
  const end = half + (chunks[0]?.halves ?? 0)
  // The manifest is still to be written after the last half-iteration.
  await context.progress((0.99 * workUpTo(end, fit)) / workUpTo(fit.halves, fit))
  context.note({
    ...{ half_iterations: `${half + 1} to ${end} of ${fit.halves}`, chunks: chunks.length },
    ...{ rows_per_chunk: Math.round(rowsOfHalf(half, fit) / Math.max(1, chunks.length)) },
    ...{ mega_multiplications_per_second: Math.round(speed / 1e6), memory_mb: instance.memoryMb },
    ...(before ? roundBefore(before) : {}),
    seconds_per_chunk: Math.round((workUpTo(end, fit) - workUpTo(half, fit)) / speed / Math.max(1, chunks.length)),
  })
  return chunks
}

/** What the round before took, for the run's log. */
function roundBefore({ metrics }: RoundBefore<HalfStepChunk>): Record<string, number> {
  const sum = (name: string) => metrics.reduce((total, each) => total + (each[name] ?? 0), 0)
  const seconds = sum('duration_ms') / 1000
  const longest = Math.max(...metrics.map(each => each.duration_ms ?? 0)) / 1000
  return {
    ...{ seconds_before: seconds, longest_chunk_seconds_before: longest },
    ...(seconds > 0 ? { rows_per_second_before: Math.round(sum('rows') / seconds) } : {}),
  }
}

async function fitOf(context: StageContext, { als }: FactorsOptions): Promise<Fit> {
  const { users, items, cells: entries } = await readSummary(context)
  const { factors, conjugateGradientSteps, iterations } = als
  return { users, items, entries, factors, conjugateGradientSteps, halves: 2 * iterations }
}

function workUpTo(end: number, fit: Fit): number {
  let work = 0
  for (let half = 0; half < end; half++) work += halfStepWork(half, fit)
  return work
}

/** A trial costs some tenths of a second: what a slow machine does in one chunk needs none. */
async function speedToBegin(fit: Fit, { als, instance }: FactorsOptions, { ports }: StageContext): Promise<number> {
  const assumed = assumedSpeed(instance.threads)
  if (workUpTo(fit.halves, fit) / assumed <= instance.chunkSeconds) return assumed
  return (await trialSpeed(als, instance.threads, ports.clock)) ?? assumed
}

async function writeManifest(context: StageContext, fit: Fit, { als, seed }: FactorsOptions): Promise<void> {
  const { blobs } = context.ports
  const users = await readSide(context, fit.halves - 2)
  const items = await readSide(context, fit.halves - 1)
  const content = (bytes: Uint8Array): Promise<ContentBlob> => writeContent(bytes, { folder: modelBlobs, blobs })
  const names = async (of: 'users' | 'items') => content(await readBytes(context, `dataset/${of}.names`))
  const manifest: ModelManifest = {
    version: 1,
    ...{ factors: fit.factors, users: fit.users, items: fit.items },
    parameters: { ...als, seed },
    userFactors: users.parts,
    itemFactors: items.parts,
    gramians: { users: users.gramian, items: items.gramian },
    names: { users: await names('users'), items: await names('items') },
  }
  await blobs.write(manifestPath(context.runId), Buffer.from(JSON.stringify(manifest)))
}
