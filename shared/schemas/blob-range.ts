/** @throws RangeError when offset or length is no whole number ≥ 0 */
export function checkBlobRange(path: string, offset: number, length: number): void {
  for (const [name, value] of Object.entries({ offset, length })) {
    if (Number.isSafeInteger(value) && value >= 0) continue
    throw new RangeError(`Cannot read a range of ${path} as ${name} must be an integer ≥ 0: current value is ${value}`)
  }
}

/** What every adapter throws for a range that goes on to `end` where the blob ends before. */
export function beyondBlobEnd(path: string, end: number): RangeError {
  return new RangeError(`Cannot read ${path} as byte ${end} lies beyond its end`)
}
