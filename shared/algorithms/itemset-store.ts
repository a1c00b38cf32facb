import type { Itemsets } from './itemsets.ts'

const firstCapacity = 1024

/**
 * Takes in the itemsets that a search finds, in a bounded number: when more than `maxItemsets` of two and more items have
 * come, the least count is raised so that a quarter of them or more goes, and the search is held to it from then on. What
 * is kept in the end is exact for the count it ends with. Memory is 12 bytes an itemset, twice while it grows.
 *
 * A search names a set by its slot on a stack, as sets move when others go; slot r is the item of rank r alone.
 */
export class ItemsetStore {
  minCount: number
  readonly #maxItemsets: number
  readonly #singles: number
  #parents: Int32Array
  #lasts: Uint32Array
  #counts: Uint32Array
  #size: number
  #stack: Int32Array
  #top: number

  /** @param of the baskets of each rank's item, falling */
  constructor(of: { itemCounts: Uint32Array; minCount: number; maxItemsets: number }) {
    const { itemCounts, minCount, maxItemsets } = of
    const singles = itemCounts.length
    this.minCount = minCount
    this.#maxItemsets = maxItemsets
    this.#singles = singles
    this.#size = singles
    this.#top = singles
    this.#parents = new Int32Array(singles + firstCapacity).fill(-1)
    this.#lasts = Uint32Array.from({ length: singles + firstCapacity }, (_, rank) => rank)
    this.#counts = new Uint32Array(singles + firstCapacity)
    this.#counts.set(itemCounts)
    this.#stack = Int32Array.from({ length: singles + firstCapacity }, (_, slot) => slot)
  }

  /** The slot that the next set goes to; whoever has seen enough of the sets from there on lets them go by `release`. */
  get top(): number {
    return this.#top
  }

  release(top: number): void {
    this.#top = top
  }

  /** Whether the set of a slot still reaches the least count. */
  holds(slot: number): boolean {
    return this.#stack[slot] !== -1
  }

  /** Takes in the set of `parentSlot` with an item more, whose count reaches the least one, into the next slot. */
  add(parentSlot: number, rank: number, count: number): void {
    if (this.#size - this.#singles === this.#maxItemsets) this.#raise()
    if (this.#top === this.#stack.length) this.#stack = grown(this.#stack, new Int32Array(2 * this.#top))
    if (count < this.minCount) {
      this.#stack[this.#top++] = -1
      return
    }
    if (this.#size === this.#parents.length) this.#grow()
    const set = this.#size++
    this.#parents[set] = this.#stack[parentSlot]!
    this.#lasts[set] = rank
    this.#counts[set] = count
    this.#stack[this.#top++] = set
  }

  /** Everything that was kept. @param items by rank */
  itemsets({ baskets, items }: { baskets: number; items: Uint32Array }): Itemsets {
    let singles = this.#singles
    while (singles > 0 && this.#counts[singles - 1]! < this.minCount) singles -= 1
    const gone = this.#singles - singles
    const size = this.#size - gone
    const without = <T extends Int32Array | Uint32Array>(all: T): T => {
      all.copyWithin(singles, this.#singles, this.#size)
      return all.slice(0, size) as T
    }
    const parents = without(this.#parents)
    for (let set = singles; set < size; set++) if (parents[set]! >= singles) parents[set]! -= gone
    const [lasts, counts] = [without(this.#lasts), without(this.#counts)]
    return { baskets, minCount: this.minCount, items: items.slice(0, singles), parents, lasts, counts }
  }

  #grow(): void {
    const capacity = Math.min(2 * this.#size, this.#singles + this.#maxItemsets)
    this.#parents = grown(this.#parents, new Int32Array(capacity))
    this.#lasts = grown(this.#lasts, new Uint32Array(capacity))
    this.#counts = grown(this.#counts, new Uint32Array(capacity))
  }

  #raise(): void {
    const found = this.#counts.slice(this.#singles, this.#size).sort()
    const quartile = found[found.length >>> 2] ?? this.minCount
    const below = found.indexOf(quartile)
    // Where so many share a count that few are below it, they go together.
    this.minCount = 8 * below < found.length ? quartile + 1 : quartile
    const movedTo = new Int32Array(this.#size).fill(-1)
    let kept = 0
    for (let set = 0; set < this.#size; set++) {
      if (set >= this.#singles && this.#counts[set]! < this.minCount) continue
      const parent = this.#parents[set]!
      this.#parents[kept] = parent === -1 ? -1 : movedTo[parent]!
      this.#lasts[kept] = this.#lasts[set]!
      this.#counts[kept] = this.#counts[set]!
      movedTo[set] = kept++
    }
    this.#size = kept
    for (let slot = 0; slot < this.#top; slot++) {
      const set = this.#stack[slot]!
      if (set !== -1) this.#stack[slot] = movedTo[set]!
    }
  }
}

function grown<T extends Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
