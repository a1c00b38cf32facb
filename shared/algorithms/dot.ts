/**
 * The inner product of `length` numbers of a from `aOffset` and of b from `bOffset`, in 64 bits. Four partial sums, so
 * that an addition need not wait for the one before; the order of addition is fixed, so the same input gives the same bits.
 */
export function dot(
  a: Float32Array | Float64Array,
  aOffset: number,
  b: Float32Array | Float64Array,
  bOffset: number,
  length: number,
): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let index = 0
  for (; index + 3 < length; index += 4) {
    sum0 += a[aOffset + index]! * b[bOffset + index]!
    sum1 += a[aOffset + index + 1]! * b[bOffset + index + 1]!
    sum2 += a[aOffset + index + 2]! * b[bOffset + index + 2]!
    sum3 += a[aOffset + index + 3]! * b[bOffset + index + 3]!
  }
  for (; index < length; index++) sum0 += a[aOffset + index]! * b[bOffset + index]!
  return sum0 + sum1 + (sum2 + sum3)
}
