/**
 * Keeps the n best of the (index, score) pairs offered: higher score first, lower index first on ties, whatever the
 * order of the offers. Scores are compared as stored, in 32 bits. A binary heap with the worst kept pair at its root.
 */
export class TopNHeap {
  readonly #indices: Uint32Array
  readonly #scores: Float32Array
  #size = 0

  constructor(n: number) {
    this.#indices = new Uint32Array(n)
    this.#scores = new Float32Array(n)
  }

  /** A score below this cannot be taken any more. */
  get least(): number {
    return this.#size < this.#indices.length || this.#size === 0 ? Number.NEGATIVE_INFINITY : this.#scores[0]!
  }

  /** Takes the pair when it is among the n best so far; a NaN never is. */
  offer(index: number, exactScore: number): void {
    // Adding 0 makes one zero of both.
    const score = Math.fround(exactScore) + 0
    if (Number.isNaN(score)) return
    if (this.#size < this.#indices.length) {
      this.#size += 1
      this.#moveUp(this.#size - 1, index, score)
    } else if (this.#size > 0 && this.#isWorse(0, index, score)) {
      this.#moveDown(0, index, score)
    }
  }

  /** Writes the kept pairs, best first, from `offset` on, empties the heap and returns how many there were. */
  drain(into: { indices: Uint32Array; scores: Float32Array; offset: number }): number {
    const count = this.#size
    while (this.#size > 0) {
      const last = this.#size - 1
      into.indices[into.offset + last] = this.#indices[0]!
      into.scores[into.offset + last] = this.#scores[0]!
      this.#size = last
      if (last > 0) this.#moveDown(0, this.#indices[last]!, this.#scores[last]!)
    }
    return count
  }

  /** Whether the pair kept at `place` is worse than (index, score). */
  #isWorse(place: number, index: number, score: number): boolean {
    const kept = this.#scores[place]!
    return kept < score || (kept === score && this.#indices[place]! > index)
  }

  #put(place: number, index: number, score: number): void {
    this.#indices[place] = index
    this.#scores[place] = score
  }

  #moveUp(from: number, index: number, score: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      // A parent worse than the new pair stays above it.
      if (this.#isWorse(parent, index, score)) break
      this.#put(place, this.#indices[parent]!, this.#scores[parent]!)
      place = parent
    }
    this.#put(place, index, score)
  }

  #moveDown(from: number, index: number, score: number): void {
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#isWorse(child + 1, this.#indices[child]!, this.#scores[child]!)) child += 1
      if (!this.#isWorse(child, index, score)) break
      this.#put(place, this.#indices[child]!, this.#scores[child]!)
      place = child
    }
    this.#put(place, index, score)
  }
}
