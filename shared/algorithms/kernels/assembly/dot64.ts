/**
 * The inner product of a row in 64 bits and one in 32 bits, added up in the order of `dot`: four partial sums, what is
 * left over goes to the first.
 */
export function dot64(wide: usize, narrow: usize, length: u32): f64 {
  let sums01 = f64x2.splat(0)
  let sums23 = f64x2.splat(0)
  const whole = length & ~3
  const end = narrow + (whole << 2)
  let x = wide
  let y = narrow
  for (; y < end; y += 16) {
    const four = v128.load(y)
    sums01 = f64x2.add(sums01, f64x2.mul(v128.load(x), f64x2.promote_low_f32x4(four)))
    const upper = v128.shuffle<i64>(four, four, 1, 1)
    sums23 = f64x2.add(sums23, f64x2.mul(v128.load(x, 16), f64x2.promote_low_f32x4(upper)))
    x += 32
  }
  let sum0 = f64x2.extract_lane(sums01, 0)
  for (let index = whole; index < length; index++) {
    sum0 += load<f64>(wide + (index << 3)) * <f64>load<f32>(narrow + (index << 2))
  }
  return (
    sum0 +
    f64x2.extract_lane(sums01, 1) +
    (f64x2.extract_lane(sums23, 0) + f64x2.extract_lane(sums23, 1))
  )
}
