import type { AlsParameters } from '../algorithms/als-parameters.ts'
import type { ItemLinearParameters } from '../algorithms/item-linear.ts'
import type { TrainingSettings } from '../schemas/settings/training.ts'
import type { TuningParameters } from '../schemas/tuning.ts'
import type { RefitOptions } from './increment/decide-refit.ts'
import type { StrengthOptions } from './strength.ts'

/** What one instance offers and how work is cut for it: decides how long a run takes, never what it makes. */
export interface InstanceOptions {
  memoryMb: number
  chunkSeconds: number
  /** Threads that compute at once. */
  threads: number
}

/** Everything a refresh run is tuned by; stored with the generation it makes, but for the instance. */
export interface TrainingOptions {
  instance: InstanceOptions
  strength: StrengthOptions
  als: AlsParameters
  /** The item-item linear model; share is its part beside ALS in taste, 0 to 1. */
  itemLinear: ItemLinearParameters & { share: number }
  seed: number
  /** maxLength is that of both sides together. */
  rules: { minSupport: number; minConfidence: number; minLift: number; maxLength: number }
  /** Decay of purchases in batch popularity, alone and within personal lists. */
  popularityHalfLifeMs: number
  /** Share of recent popularity in personal lists, 0 to 1. */
  popularityShare: number
  listSize: number
  neighboursSize: number
  /** How many users, the last to be here, are asked what they have beside a visitor's items. */
  userNeighboursSample: number
  /** Words of names and descriptions that tell products apart. */
  contentTerms: number
  /** Groups that users are put in by how they behave; 0 for none. */
  segments: number
  refit: RefitOptions
  publishing: { verifyDays: number; dollarsPerMillionRequestUnits: number }
  /** Parameters that somebody set by hand: they are not tuned. */
  fixed: readonly (keyof TuningParameters)[]
  /** Lays tuned parameters into options; without it a run is trained as the options say. */
  withTuned?: (options: TrainingOptions, tuned: TuningParameters) => TrainingOptions
}

/** @param of threads that compute at once: as many as the machine runs, which the caller knows; and how runs are tuned */
export function trainingOptions(
  settings: TrainingSettings,
  of: { threads?: number } & Partial<Pick<TrainingOptions, 'fixed' | 'withTuned'>> = {},
): TrainingOptions {
  const { threads = 1, fixed = [], withTuned } = of
  return {
    instance: {
      ...{ memoryMb: settings.MEMORY_MB, threads },
      // As it is set when work is cut.
      get chunkSeconds() {
        return settings.CHUNK_SECONDS
      },
    },
    strength: {
      weights: {
        rating: settings.WEIGHT_RATING,
        purchase: settings.WEIGHT_PURCHASE,
        recency: settings.WEIGHT_RECENCY,
        quantity: settings.WEIGHT_QUANTITY,
      },
      recencyHalfLifeMs: settings.RECENCY_HALF_LIFE_DAYS * 86_400_000,
    },
    als: {
      factors: settings.ALS_FACTORS,
      iterations: settings.ALS_ITERATIONS,
      regularization: settings.ALS_REGULARIZATION,
      regularizationExponent: settings.ALS_REGULARIZATION_EXPONENT,
      alpha: settings.ALS_ALPHA,
      conjugateGradientSteps: 3,
    },
    itemLinear: {
      share: settings.ITEM_LINEAR_SHARE,
      neighbours: settings.ITEM_LINEAR_NEIGHBOURS,
      userExponent: settings.ITEM_LINEAR_USER_EXPONENT,
      fromExponent: settings.ITEM_LINEAR_FROM_EXPONENT,
      toExponent: settings.ITEM_LINEAR_TO_EXPONENT,
    },
    seed: settings.ALS_SEED,
    rules: {
      minSupport: settings.RULES_MIN_SUPPORT,
      minConfidence: settings.RULES_MIN_CONFIDENCE,
      minLift: settings.RULES_MIN_LIFT,
      maxLength: settings.RULES_MAX_LENGTH,
    },
    popularityHalfLifeMs: settings.POPULARITY_HALF_LIFE_HOURS * 3_600_000,
    popularityShare: settings.POPULARITY_SHARE,
    listSize: settings.LIST_SIZE,
    neighboursSize: settings.NEIGHBOURS_SIZE,
    userNeighboursSample: settings.USER_NEIGHBOURS_SAMPLE,
    contentTerms: settings.CONTENT_TERMS,
    segments: settings.SEGMENTS,
    refit: {
      afterMs: settings.REFIT_AFTER_DAYS * 86_400_000,
      refreshAllMs: settings.REFRESH_ALL_HOURS * 3_600_000,
      newInteractionsShare: settings.REFIT_INTERACTIONS_SHARE,
      newItemsShare: settings.REFIT_ITEMS_SHARE,
      overlapMin: settings.REFIT_OVERLAP_MIN,
    },
    publishing: {
      verifyDays: settings.PUBLISH_VERIFY_DAYS,
      dollarsPerMillionRequestUnits: settings.RU_DOLLARS_PER_MILLION,
    },
    fixed,
    ...(withTuned ? { withTuned } : {}),
  }
}
