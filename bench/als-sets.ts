import type { AlsParameters } from '../shared/algorithms/als-parameters.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { holdOut } from './hold-out.ts'
import { amazonCds } from './public-sets.ts'
import type { BenchOptions } from './report.ts'
import { type ShopMatrixOptions, shopMatrix } from './shop-matrix.ts'

/** A matrix to compare on, without the tenth of the entries that recall is judged by. */
export interface AlsSet {
  name: string
  train: Csr
  test: Csr
}

/** Plain ALS, as every library has it. */
export function plainAls({ alpha, regularization }: BenchOptions): Omit<AlsParameters, 'factors'> {
  return { iterations: 10, alpha, regularization, regularizationExponent: 0, conjugateGradientSteps: 3 }
}

/** The sizes of the shops that are generated; nearly, as repeats are drawn once. */
const generated = {
  gowallaSized: { users: 29_858, items: 40_981, perUser: 28, seed: 1 },
  middle: { users: 100_000, items: 20_000, perUser: 20.6, seed: 1 },
  large: { users: 1_000_000, items: 100_000, perUser: 10.1, seed: 1 },
}

/** The sets of a comparison, made one at a time; a real one is left out, with the reason told, where it is absent. */
export const alsSets = {
  amazonCds: (step: (text: string) => void) => {
    const matrix = amazonCds(step)
    return matrix && divided('Amazon-CDs', matrix)
  },
  gowallaSized: () => shopOf('gowalla-sized', generated.gowallaSized),
  middle: () => shopOf('middle', generated.middle),
  large: () => shopOf('large', generated.large),
}

/** A generated shop. */
export function shopOf(name: string, options: ShopMatrixOptions): AlsSet {
  return divided(name, shopMatrix(options))
}

function divided(name: string, matrix: Csr): AlsSet {
  return { name, ...holdOut(matrix, { share: 0.1, seed: 1 }) }
}

export function sizeOf({ rows, columns, indices }: Csr): string {
  return `${rows} x ${columns}, ${indices.length} entries`
}
