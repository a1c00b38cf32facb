import { TuningParameters } from '../../schemas/tuning.ts'
import type { TrainingOptions } from '../../training/options.ts'

/** The options with tuned parameters in place of their own. */
export function tunedOptions(options: TrainingOptions, parameters: TuningParameters): TrainingOptions {
  return {
    ...options,
    als: {
      ...options.als,
      factors: parameters.alsFactors,
      iterations: parameters.alsIterations,
      regularization: parameters.alsRegularization,
      regularizationExponent: parameters.alsRegularizationExponent,
      alpha: parameters.alsAlpha,
    },
    itemLinear: {
      share: parameters.itemLinearShare,
      neighbours: parameters.itemLinearNeighbours,
      userExponent: parameters.itemLinearUserExponent,
      fromExponent: parameters.itemLinearFromExponent,
      toExponent: parameters.itemLinearToExponent,
    },
    popularityShare: parameters.popularityShare,
  }
}

/** Those of the options that tuning may change. */
export function tuningParameters({ als, itemLinear, popularityShare }: TrainingOptions): TuningParameters {
  return {
    alsFactors: als.factors,
    alsIterations: als.iterations,
    alsRegularization: als.regularization,
    alsRegularizationExponent: als.regularizationExponent,
    alsAlpha: als.alpha,
    itemLinearShare: itemLinear.share,
    itemLinearNeighbours: itemLinear.neighbours,
    itemLinearUserExponent: itemLinear.userExponent,
    itemLinearFromExponent: itemLinear.fromExponent,
    itemLinearToExponent: itemLinear.toExponent,
    popularityShare,
  }
}

/** The parameters whose setting stands in the environment, as ALS_FACTORS for alsFactors: they are not tuned. */
export function fixedParameters(environment: Readonly<Record<string, string | undefined>>): (keyof TuningParameters)[] {
  const settingOf = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()
  return TuningParameters.keyof().options.filter(name => (environment[settingOf(name)] ?? '').trim() !== '')
}
