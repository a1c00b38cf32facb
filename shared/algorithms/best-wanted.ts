import { TopNHeap } from './top-n-heap.ts'

/**
 * The n wanted items of the highest scores above 0, best first, the lower item first on ties. Few items are asked about
 * unless few are wanted: asking is what costs.
 * @param found items, each once
 * @param scores by item, not only of those found
 */
export function bestWanted(
  found: Uint32Array,
  scores: Float64Array | Float32Array,
  { n, isWanted }: { n: number; isWanted: (item: number) => boolean },
): number[] {
  for (let size = 2 * n; ; size *= 8) {
    const heap = new TopNHeap(Math.min(size, found.length))
    let least = heap.least
    for (const item of found) {
      const score = Math.fround(scores[item]!)
      if (!(score > 0) || score < least) continue
      heap.offer(item, score)
      least = heap.least
    }
    const best = { indices: new Uint32Array(size), scores: new Float32Array(size), offset: 0 }
    const count = heap.drain(best)
    const wanted: number[] = []
    for (let place = 0; place < count && wanted.length < n; place++) {
      const item = best.indices[place]!
      if (isWanted(item)) wanted.push(item)
    }
    if (wanted.length >= n || size >= found.length) return wanted
  }
}
