import { blend } from '../shared/algorithms/blend.ts'
import { type Csr, csrFromTriples } from '../shared/algorithms/csr.ts'
import { frequentItemsets } from '../shared/algorithms/fp-growth.ts'
import { minCountOf } from '../shared/algorithms/min-count.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { rankedBaskets } from '../shared/algorithms/ranked-baskets.ts'
import { rulesPerItem } from '../shared/algorithms/rules-per-item.ts'
import { coPurchaseNeighbours } from '../shared/algorithms/similarity.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import type { RuleTail } from '../shared/schemas/published.ts'
import { rulesThatHold } from '../shared/sources/rules.ts'
import type { TrainingOptions } from '../shared/training/options.ts'
import { fourDigits } from './spread.ts'

type Scored = readonly { itemId: string; score: number }[]
type FromCart = (cart: readonly string[]) => Promise<Scored> | Scored

const neighbours = 50
const listed = 10

/**
 * How often the item left out of a cart is among the ten that each way proposes: learned from the first four fifths of the
 * baskets, asked for each later basket of two items and more, one of its items left out at random.
 */
export async function cartHits(baskets: Csr, options: TrainingOptions['rules']): Promise<Record<string, number>> {
  const rows = Array.from({ length: baskets.rows }, (_, row) =>
    Array.from(baskets.indices.subarray(baskets.indptr[row], baskets.indptr[row + 1])),
  )
  const cut = Math.floor(0.8 * rows.length)
  const train = matrixOf(rows.slice(0, cut), baskets.columns)
  const copurchase = byCoPurchase(train)
  const rules = byRules(train, options)
  const both: FromCart = async cart =>
    blend([
      { weight: 1, candidates: await copurchase(cart) },
      { weight: 1, candidates: await rules(cart) },
    ])
  const ways = Object.entries({ popularity: byPopularity(train), copurchase, rules, both })
  const hits: Record<string, number> = { carts: 0 }
  const random = seededRandom(1)
  for (const row of rows.slice(cut).filter(({ length }) => length > 1)) {
    const left = String(row[Math.floor(random() * row.length)])
    const cart = row.map(String).filter(item => item !== left)
    hits.carts = (hits.carts ?? 0) + 1
    for (const [name, from] of ways) {
      const best = [...(await from(cart))]
        .filter(({ itemId }) => !cart.includes(itemId))
        .sort((a, b) => b.score - a.score)
      hits[name] = (hits[name] ?? 0) + (best.slice(0, listed).some(({ itemId }) => itemId === left) ? 1 : 0)
    }
  }
  const { carts = 1, ...found } = hits
  const shares = Object.entries(found).map(([name, count]) => [`${name}_hits_at_${listed}`, fourDigits(count / carts)])
  return { carts, ...Object.fromEntries(shares) }
}

function byPopularity(train: Csr): FromCart {
  const counts = new Float64Array(train.columns)
  for (const item of train.indices) counts[item]! += 1
  const popular = [...counts.entries()].map(([item, score]) => ({ itemId: String(item), score }))
  const best = popular.sort((a, b) => b.score - a.score).slice(0, 200)
  return () => best
}

/** As the source does it: each neighbour by its similarity relative to the nearest. */
function byCoPurchase(train: Csr): FromCart {
  const found = coPurchaseNeighbours({ baskets: train, k: neighbours, minCount: 2, from: 0, to: train.columns })
  return cart => {
    const scores = new Map<string, number>()
    for (const seed of cart.map(Number)) {
      const nearest = found.scores[seed * neighbours]!
      for (let place = seed * neighbours; place < seed * neighbours + found.counts[seed]!; place++) {
        const itemId = String(found.items[place])
        scores.set(itemId, (scores.get(itemId) ?? 0) + found.scores[place]! / nearest)
      }
    }
    return [...scores].map(([itemId, score]) => ({ itemId, score })).filter(({ itemId }) => !cart.includes(itemId))
  }
}

function byRules(train: Csr, { minSupport, maxLength, ...thresholds }: TrainingOptions['rules']): FromCart {
  const minCount = Math.max(2, minCountOf(minSupport, train.rows))
  const ranked = { ...rankedBaskets(train, minCount), rows: train.rows }
  const itemsets = frequentItemsets(ranked, { minCount, maxLength, maxItemsets: 1_000_000 })
  const idOf = (item: number) => ItemId.parse(String(item))
  const perItem = rulesPerItem(itemsets, { ...thresholds, rulesPerItem: 50 })
  const tails = perItem.map((rules, rank): [string, RuleTail[]] => [
    String(itemsets.items[rank]),
    rules.map(({ lhs, rhs, support, confidence, lift }) => [lhs.map(idOf), idOf(rhs), support, confidence, lift]),
  ])
  const byItem = new Map(tails)
  const reads = { rules: async (itemId: string) => byItem.get(itemId) ?? [] }
  return async cart => {
    const held = await rulesThatHold({ generation: 1, reads, cart })
    return held.map(([, itemId, , confidence]) => ({ itemId, score: confidence }))
  }
}

function matrixOf(rows: readonly (readonly number[])[], columns: number): Csr {
  const columnOf = rows.flat()
  const ones = new Float32Array(columnOf.length).fill(1)
  return csrFromTriples({
    rows: rows.length,
    columns,
    rowOf: rows.flatMap((row, at) => row.map(() => at)),
    columnOf,
    valueOf: ones,
  })
}
