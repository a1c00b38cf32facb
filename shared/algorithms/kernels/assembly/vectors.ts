// Vectors of a multiple of 16 floats; loops are unrolled to 64 bytes, as an address is worth as much as a product.

/**
 * Where the group of four floats at byte k of a vector of scratch stands: vectors of scratch are laid through one
 * another, eight groups side by side, so that one address serves all vectors of a step.
 */
// @ts-ignore: decorator
@inline
export function apart(k: usize): usize {
  return k << 3
}

// @ts-ignore: decorator
@inline
export function total(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  )
}

/** (y0·p, y1·p, y2·p, y3·p), p in scratch: two sums a vector, so that no addition waits for the one before. */
// @ts-ignore: decorator
@inline
export function dotFour(p: usize, rowBytes: usize, y0: usize, y1: usize, y2: usize, y3: usize): v128 {
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let b2 = f32x4.splat(0)
  let b3 = f32x4.splat(0)
  for (let k: usize = 0; k < rowBytes; k += 64) {
    const from = p + apart(k)
    const at0 = y0 + k
    const at1 = y1 + k
    const at2 = y2 + k
    const at3 = y3 + k
    const first = v128.load(from, 0)
    const second = v128.load(from, 128)
    a0 = f32x4.add(a0, f32x4.mul(v128.load(at0, 0), first))
    b0 = f32x4.add(b0, f32x4.mul(v128.load(at0, 16), second))
    a1 = f32x4.add(a1, f32x4.mul(v128.load(at1, 0), first))
    b1 = f32x4.add(b1, f32x4.mul(v128.load(at1, 16), second))
    a2 = f32x4.add(a2, f32x4.mul(v128.load(at2, 0), first))
    b2 = f32x4.add(b2, f32x4.mul(v128.load(at2, 16), second))
    a3 = f32x4.add(a3, f32x4.mul(v128.load(at3, 0), first))
    b3 = f32x4.add(b3, f32x4.mul(v128.load(at3, 16), second))
    const third = v128.load(from, 256)
    const fourth = v128.load(from, 384)
    a0 = f32x4.add(a0, f32x4.mul(v128.load(at0, 32), third))
    b0 = f32x4.add(b0, f32x4.mul(v128.load(at0, 48), fourth))
    a1 = f32x4.add(a1, f32x4.mul(v128.load(at1, 32), third))
    b1 = f32x4.add(b1, f32x4.mul(v128.load(at1, 48), fourth))
    a2 = f32x4.add(a2, f32x4.mul(v128.load(at2, 32), third))
    b2 = f32x4.add(b2, f32x4.mul(v128.load(at2, 48), fourth))
    a3 = f32x4.add(a3, f32x4.mul(v128.load(at3, 32), third))
    b3 = f32x4.add(b3, f32x4.mul(v128.load(at3, 48), fourth))
  }
  a0 = f32x4.add(a0, b0)
  a1 = f32x4.add(a1, b1)
  a2 = f32x4.add(a2, b2)
  a3 = f32x4.add(a3, b3)
  // A transposition while summing: lanes of four vectors become one vector of four sums.
  const s01 = f32x4.add(v128.shuffle<f32>(a0, a1, 0, 4, 1, 5), v128.shuffle<f32>(a0, a1, 2, 6, 3, 7))
  const s23 = f32x4.add(v128.shuffle<f32>(a2, a3, 0, 4, 1, 5), v128.shuffle<f32>(a2, a3, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7))
}

/** into += Σ by[i] yi, into in scratch */
// @ts-ignore: decorator
@inline
export function addFour(into: usize, rowBytes: usize, y0: usize, y1: usize, y2: usize, y3: usize, by: v128): void {
  const w0 = v128.shuffle<f32>(by, by, 0, 0, 0, 0)
  const w1 = v128.shuffle<f32>(by, by, 1, 1, 1, 1)
  const w2 = v128.shuffle<f32>(by, by, 2, 2, 2, 2)
  const w3 = v128.shuffle<f32>(by, by, 3, 3, 3, 3)
  for (let k: usize = 0; k < rowBytes; k += 64) {
    const to = into + apart(k)
    const at0 = y0 + k
    const at1 = y1 + k
    const at2 = y2 + k
    const at3 = y3 + k
    const a01 = f32x4.add(f32x4.mul(w0, v128.load(at0, 0)), f32x4.mul(w1, v128.load(at1, 0)))
    const a23 = f32x4.add(f32x4.mul(w2, v128.load(at2, 0)), f32x4.mul(w3, v128.load(at3, 0)))
    v128.store(to, f32x4.add(v128.load(to, 0), f32x4.add(a01, a23)), 0)
    const b01 = f32x4.add(f32x4.mul(w0, v128.load(at0, 16)), f32x4.mul(w1, v128.load(at1, 16)))
    const b23 = f32x4.add(f32x4.mul(w2, v128.load(at2, 16)), f32x4.mul(w3, v128.load(at3, 16)))
    v128.store(to, f32x4.add(v128.load(to, 128), f32x4.add(b01, b23)), 128)
    const c01 = f32x4.add(f32x4.mul(w0, v128.load(at0, 32)), f32x4.mul(w1, v128.load(at1, 32)))
    const c23 = f32x4.add(f32x4.mul(w2, v128.load(at2, 32)), f32x4.mul(w3, v128.load(at3, 32)))
    v128.store(to, f32x4.add(v128.load(to, 256), f32x4.add(c01, c23)), 256)
    const d01 = f32x4.add(f32x4.mul(w0, v128.load(at0, 48)), f32x4.mul(w1, v128.load(at1, 48)))
    const d23 = f32x4.add(f32x4.mul(w2, v128.load(at2, 48)), f32x4.mul(w3, v128.load(at3, 48)))
    v128.store(to, f32x4.add(v128.load(to, 384), f32x4.add(d01, d23)), 384)
  }
}

/** (y0·p, y1·p, 0, 0), p in scratch */
// @ts-ignore: decorator
@inline
export function dotTwo(p: usize, rowBytes: usize, y0: usize, y1: usize): v128 {
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  for (let k: usize = 0; k < rowBytes; k += 64) {
    const from = p + apart(k)
    const at0 = y0 + k
    const at1 = y1 + k
    const first = v128.load(from, 0)
    const second = v128.load(from, 128)
    a0 = f32x4.add(a0, f32x4.mul(v128.load(at0, 0), first))
    b0 = f32x4.add(b0, f32x4.mul(v128.load(at0, 16), second))
    a1 = f32x4.add(a1, f32x4.mul(v128.load(at1, 0), first))
    b1 = f32x4.add(b1, f32x4.mul(v128.load(at1, 16), second))
    const third = v128.load(from, 256)
    const fourth = v128.load(from, 384)
    a0 = f32x4.add(a0, f32x4.mul(v128.load(at0, 32), third))
    b0 = f32x4.add(b0, f32x4.mul(v128.load(at0, 48), fourth))
    a1 = f32x4.add(a1, f32x4.mul(v128.load(at1, 32), third))
    b1 = f32x4.add(b1, f32x4.mul(v128.load(at1, 48), fourth))
  }
  a0 = f32x4.add(a0, b0)
  a1 = f32x4.add(a1, b1)
  const s01 = f32x4.add(v128.shuffle<f32>(a0, a1, 0, 4, 1, 5), v128.shuffle<f32>(a0, a1, 2, 6, 3, 7))
  const zero = f32x4.splat(0)
  return f32x4.add(v128.shuffle<f32>(s01, zero, 0, 1, 4, 5), v128.shuffle<f32>(s01, zero, 2, 3, 6, 7))
}

/** into += by[0] y0 + by[1] y1, into in scratch */
// @ts-ignore: decorator
@inline
export function addTwo(into: usize, rowBytes: usize, y0: usize, y1: usize, by: v128): void {
  const w0 = v128.shuffle<f32>(by, by, 0, 0, 0, 0)
  const w1 = v128.shuffle<f32>(by, by, 1, 1, 1, 1)
  for (let k: usize = 0; k < rowBytes; k += 64) {
    const to = into + apart(k)
    const at0 = y0 + k
    const at1 = y1 + k
    const a = f32x4.add(f32x4.mul(w0, v128.load(at0, 0)), f32x4.mul(w1, v128.load(at1, 0)))
    v128.store(to, f32x4.add(v128.load(to, 0), a), 0)
    const b = f32x4.add(f32x4.mul(w0, v128.load(at0, 16)), f32x4.mul(w1, v128.load(at1, 16)))
    v128.store(to, f32x4.add(v128.load(to, 128), b), 128)
    const c = f32x4.add(f32x4.mul(w0, v128.load(at0, 32)), f32x4.mul(w1, v128.load(at1, 32)))
    v128.store(to, f32x4.add(v128.load(to, 256), c), 256)
    const d = f32x4.add(f32x4.mul(w0, v128.load(at0, 48)), f32x4.mul(w1, v128.load(at1, 48)))
    v128.store(to, f32x4.add(v128.load(to, 384), d), 384)
  }
}
