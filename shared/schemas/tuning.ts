import { z } from 'zod'

const count = z.int().min(1)
const amount = z.number().min(0)
const share = z.number().min(0).max(1)

/** What a tuned model is trained with; each is a setting of the same name in capitals. */
export const TuningParameters = z.object({
  alsFactors: count,
  alsIterations: count,
  alsRegularization: z.number().positive(),
  alsRegularizationExponent: amount,
  alsAlpha: z.number().positive(),
  /** Share of the item-item linear model beside ALS in taste: 0 trains none, 1 trains no factors for lists. */
  itemLinearShare: share,
  itemLinearNeighbours: count,
  itemLinearUserExponent: amount,
  itemLinearFromExponent: amount,
  itemLinearToExponent: amount,
  /** Share of recent popularity beside taste. */
  popularityShare: share,
})
export type TuningParameters = z.infer<typeof TuningParameters>

/** Parameters and what they earned on the validation split. */
export const TuningTrial = z.object({
  parameters: TuningParameters,
  metrics: z.object({ 'ndcg@20': share, 'recall@20': share }),
  /** NDCG@20 of the users of each group, in groups that are the same in every trial: what differences are judged by. */
  groups: z.array(share),
  seconds: amount,
})
export type TuningTrial = z.infer<typeof TuningTrial>

/** The ledger's page of one trial of a tune job, with all its figures: partition `run_id`, id `trial-{round}-{number}`. */
export const TrialRecord = z.object({
  id: z.string(),
  type: z.literal('trial'),
  run_id: z.string(),
  round: z.int().nonnegative(),
  number: z.int().nonnegative(),
  status: z.enum(['running', 'completed']),
  parameters: TuningParameters,
  started_at: z.iso.datetime(),
  /** Once it is completed. */
  trial: TuningTrial.optional(),
})
export type TrialRecord = z.infer<typeof TrialRecord>

/** Cosmos `config`, id `training`: the parameters a tune job found best; refreshes are trained with them. */
export const TunedTraining = z.object({
  id: z.literal('training'),
  run_id: z.string(),
  tuned_at: z.iso.datetime(),
  trials: z.int().positive(),
  parameters: TuningParameters,
  metrics: TuningTrial.shape.metrics,
})
export type TunedTraining = z.infer<typeof TunedTraining>
