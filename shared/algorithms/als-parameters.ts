import type { Csr } from './csr.ts'

export interface AlsParameters {
  factors: number
  iterations: number
  regularization: number
  /** ν ≥ 0, see `rowRegularization`; 0 regularizes every row alike. */
  regularizationExponent: number
  alpha: number
  conjugateGradientSteps: number
}

/** What the rows of one half-step are solved with. */
export type RowParameters = Omit<AlsParameters, 'factors' | 'iterations'> & {
  /** Entries per row, on average over all rows of the half-step, those of other chunks too. */
  meanEntries: number
}

/**
 * λ of one row: regularization (w / w̄)^ν, where w = alpha n + columns is about the sum of the row's confidences over all
 * columns and w̄ that of a row with the mean number of entries; so a row like the mean has λ = regularization for every ν,
 * and for ν = 1 every row's vector is held back in proportion to the terms that pull at it.
 * Source: Rendle, Krichene, Zhang, Koren, "Revisiting the performance of iALS on item recommendation benchmarks",
 * RecSys 2022, section 3.3: λ (n + α₀ columns)^ν, with their weight α₀ of the unobserved = 1 / alpha.
 * @param row entries n and columns of the row's matrix
 */
export function rowRegularization(
  { regularization, regularizationExponent, alpha, meanEntries }: Omit<RowParameters, 'conjugateGradientSteps'>,
  { entries, columns }: { entries: number; columns: number },
): number {
  if (regularizationExponent === 0) return regularization
  return regularization * ((alpha * entries + columns) / (alpha * meanEntries + columns)) ** regularizationExponent
}

/** Entries per row of a whole matrix, 0 without rows. */
export function meanEntries({ rows, indices }: Pick<Csr, 'rows' | 'indices'>): number {
  return rows === 0 ? 0 : indices.length / rows
}

/** @throws RangeError when a parameter is out of range */
export function checkAlsParameters(parameters: AlsParameters): void {
  const { factors, iterations, conjugateGradientSteps, regularization, regularizationExponent, alpha } = parameters
  for (const [name, value] of Object.entries({ factors, iterations, conjugateGradientSteps })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`Cannot fit ALS as ${name} must be an integer ≥ 1: current value is ${value}`)
    }
  }
  for (const [name, value] of Object.entries({ regularization, regularizationExponent, alpha })) {
    if (!Number.isFinite(value) || value < 0) {
      throw new RangeError(`Cannot fit ALS as ${name} must be a number ≥ 0: current value is ${value}`)
    }
  }
}

/** @throws RangeError when a strength is negative, infinite or not a number */
export function checkStrengths({ indptr, indices, values }: Csr): void {
  for (let entry = 0; entry < values.length; entry++) {
    if (values[entry]! >= 0 && values[entry]! < Number.POSITIVE_INFINITY) continue
    const row = indptr.findIndex(start => start > entry) - 1
    throw new RangeError(
      `Cannot fit ALS as the strength of row ${row}, column ${indices[entry]} must be a number ≥ 0: current value is ${values[entry]}`,
    )
  }
}
