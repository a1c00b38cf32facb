/**
 * The least number of baskets whose share of all of them reaches minSupport, and 1 at least.
 * @throws RangeError when minSupport is no share from 0 to 1
 */
export function minCountOf(minSupport: number, baskets: number): number {
  if (!(minSupport >= 0 && minSupport <= 1)) {
    throw new RangeError(`Cannot find rules as minSupport must be a share from 0 to 1: current value is ${minSupport}`)
  }
  // A product of floating-point numbers may be a little more or less than the count it stands for.
  let count = Math.max(1, Math.floor(minSupport * baskets) - 1)
  while (count / baskets < minSupport) count += 1
  return count
}
