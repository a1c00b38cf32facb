/**
 * A binary heap of (score, item) pairs with the worst at its root: lower score, higher item on ties. A pair is one
 * number of 64 bits, the score's bits made to grow with it above the item's complement, so that larger is better.
 */

/** Takes the pair when it is among the n best so far, and gives the number of pairs kept. Scores are finite or infinite. */
export function offer(heap: usize, kept: u32, n: u32, score: f32, item: u32): u32 {
  const pair = ((<u64>ordered(score)) << 32) | (<u64>~item)
  if (kept < n) {
    moveUp(heap, kept, pair)
    return kept + 1
  }
  if (pair > load<u64>(heap)) moveDown(heap, kept, pair)
  return kept
}

/** Empties the heap into a list, best first. */
export function drain(heap: usize, kept: u32, items: usize, scores: usize): void {
  for (let size = kept; size > 0; ) {
    size--
    const pair = load<u64>(heap)
    store<u32>(items + (size << 2), itemOf(pair))
    store<f32>(scores + (size << 2), scoreOf(pair))
    moveDown(heap, size, load<u64>(heap + (size << 3)))
  }
}

function moveUp(heap: usize, from: u32, pair: u64): void {
  let place = from
  while (place > 0) {
    const parent = (place - 1) >> 1
    const above = load<u64>(heap + (parent << 3))
    if (above < pair) break
    store<u64>(heap + (place << 3), above)
    place = parent
  }
  store<u64>(heap + (place << 3), pair)
}

function moveDown(heap: usize, size: u32, pair: u64): void {
  let place: u32 = 0
  for (let child: u32 = 1; child < size; child = 2 * place + 1) {
    let below = load<u64>(heap + (child << 3))
    if (child + 1 < size) {
      const other = load<u64>(heap + (child << 3), 8)
      if (other < below) {
        below = other
        child++
      }
    }
    if (below > pair) break
    store<u64>(heap + (place << 3), below)
    place = child
  }
  store<u64>(heap + (place << 3), pair)
}

/** Bits that order as the scores do. */
@inline
function ordered(score: f32): u32 {
  const bits = reinterpret<u32>(score)
  return bits >> 31 ? ~bits : bits | 0x80000000
}

@inline
export function itemOf(pair: u64): u32 {
  return ~(<u32>pair)
}

@inline
export function scoreOf(pair: u64): f32 {
  const bits = <u32>(pair >> 32)
  return reinterpret<f32>(bits >> 31 ? bits & 0x7fffffff : ~bits)
}
