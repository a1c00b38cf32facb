export interface Spread {
  median: number
  min: number
  max: number
}

/** Median, smallest and largest of the values, each to four digits. @throws RangeError without values */
export function spread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), min: quantile(values, 0), max: quantile(values, 1) }
}

/**
 * The smallest value that at least the share `q` of the values does not exceed, to four digits.
 * @throws RangeError without values
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('Cannot take a quantile of no values')
  return fourDigits(value)
}

export function fourDigits(value: number): number {
  return Number(value.toPrecision(4))
}
