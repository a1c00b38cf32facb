import type { Itemsets } from '../../shared/algorithms/itemsets.ts'

/** The places of the ones of a number, ascending. */
export function bitsOf(mask: number): number[] {
  const bits: number[] = []
  for (let bit = 0; bit < 31; bit++) if (mask & (1 << bit)) bits.push(bit)
  return bits
}

/** Counts of all sets that reach minCount, by their items in ascending order, by counting every subset of every basket. */
export function bruteForceItemsets(
  baskets: readonly (readonly number[])[],
  { minCount, maxLength }: { minCount: number; maxLength: number },
): Record<string, number> {
  const counts = new Map<string, number>()
  for (const basket of baskets) {
    const items = [...basket].sort((a, b) => a - b)
    for (let mask = 1; mask < 2 ** items.length; mask++) {
      const places = bitsOf(mask)
      if (places.length > maxLength) continue
      const name = places.map(place => items[place]).join(' ')
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return Object.fromEntries([...counts].filter(([, count]) => count >= minCount))
}

/** Counts by the items of each set, in ascending order. */
export function itemsetsByName({ items, parents, lasts, counts }: Itemsets): Record<string, number> {
  const found: Record<string, number> = {}
  for (let set = 0; set < counts.length; set++) {
    const held: number[] = []
    for (let at = set; at !== -1; at = parents[at] ?? -1) held.push(items[lasts[at] ?? -1] ?? -1)
    const name = held.sort((a, b) => a - b).join(' ')
    if (name in found) throw new Error(`The set ${name} was found twice`)
    found[name] = counts[set] ?? 0
  }
  return found
}
