import { expect, test } from 'vitest'
import { apiOver } from '../../tests/api-by-hand.ts'
import { checkerboardShop, jobsWith, runJob, smallTraining } from '../../tests/memory-shop.ts'
import { readGenerations } from '../publishing/generations.ts'
import { collections } from '../schemas/collections.ts'
import { TuningParameters } from '../schemas/tuning.ts'
import { shop } from '../serving/shop.ts'
import type { TrainingOptions } from '../training/options.ts'
import { layInTuned } from './tuning/lay-in-tuned.ts'
import { tuningParameters } from './tuning/tuned-options.ts'

/** Three parameters are searched for, which is enough to see all rounds. */
const tried = ['alsRegularizationExponent', 'alsAlpha', 'popularityShare']
const tunable: TrainingOptions = {
  ...smallTraining,
  withTuned: layInTuned,
  fixed: TuningParameters.keyof().options.filter(name => !tried.includes(name)),
}

async function tunedShop(training: TrainingOptions) {
  const ports = await checkerboardShop()
  await runJob('lake', ports)
  const run = await runJob('tune', ports, jobsWith(training))
  const kept = await ports.documents.read(collections.tunedTraining, { id: 'training', partition: 'training' })
  return { ports, run, kept: kept?.document }
}

test('a tune job tries parameters round by round, keeps the best and shows every trial', async () => {
  const { ports, run, kept } = await tunedShop(tunable)
  expect(run).toMatchObject({ status: 'completed' })
  const { call } = apiOver({ ports, shop: shop(ports, { halfLifeMs: 1 }) })
  const { json, checked } = await call('batch-status', { query: { job: run.run_id } })
  checked()
  const trials = run.stages.find(({ name }) => name === 'trials')?.metrics?.trials ?? 0
  expect(trials).toBeGreaterThan(5)
  expect(kept).toMatchObject({ run_id: run.run_id, trials })
  const figures = { 'ndcg@20': expect.any(Number), 'recall@20': expect.any(Number) }
  expect(json).toMatchObject({
    kind: 'tune',
    trials: [
      { trial: 'trial-0-0', status: 'completed', metrics: figures, parameters: tuningParameters(tunable) },
      ...Array.from({ length: trials - 1 }, () => ({ status: 'completed', metrics: figures })),
    ],
  })
})

test('refreshes are trained with what was kept, but for what somebody set by hand', async () => {
  const { ports, kept } = await tunedShop(tunable)
  if (!kept) throw new Error('Nothing was kept')
  const parameters = { ...kept.parameters, alsRegularizationExponent: 1, alsAlpha: 7, popularityShare: 0.6 }
  await ports.documents.upsert(collections.tunedTraining, { ...kept, parameters })
  expect(await runJob('refresh', ports, jobsWith(tunable))).toMatchObject({ status: 'completed' })
  expect(await runJob('refresh', ports, jobsWith({ ...tunable, fixed: ['alsAlpha'] }))).toMatchObject({
    status: 'completed',
  })
  const [byHand, tuned] = await readGenerations(ports.documents)
  expect(tuned?.parameters).toMatchObject({ als: { regularizationExponent: 1, alpha: 7 }, popularityShare: 0.6 })
  expect(byHand?.parameters).toMatchObject({ als: { regularizationExponent: 1, alpha: 10 }, popularityShare: 0.6 })
})

test('what somebody set by hand is not tried: with all of it set, there is one trial', async () => {
  const fixed = TuningParameters.keyof().options
  const { run, kept } = await tunedShop({ ...tunable, fixed })
  expect(run.stages.find(({ name }) => name === 'trials')?.metrics?.trials).toBe(1)
  expect(kept?.parameters).toEqual(tuningParameters(tunable))
})

test('a shop without orders is told so, and nothing is kept', async () => {
  const ports = await checkerboardShop()
  await ports.blobs.remove('landing/orders/all.csv')
  await runJob('lake', ports)
  expect(await runJob('tune', ports, jobsWith(tunable))).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('There is nothing to learn from yet'),
  })
})
