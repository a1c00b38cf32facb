import { foldIn } from '../algorithms/fold-in.ts'
import type { ScoredItem } from '../schemas/published.ts'
import { type PersonalListOptions, personalList } from '../training/personal-list.ts'
import type { ServedModel } from './served-model.ts'

/** Of a pool that has a smaller share of the items, each is scored; else the best of all are asked whether they are in it. */
const poolShareMax = 0.25

type Model = Pick<ServedModel, 'items' | 'rowOf' | 'factors' | 'parameters' | 'popularityShare'>

/**
 * The n best items for a user whom the published lists do not know, or not as of now: a vector is folded in from the
 * strengths and ranks the whole catalogue as the refresh would, by taste and recent popularity. Best first, scores
 * relative to the best; empty when the model knows none of the items.
 * @param of popularity is that of the live generation; items it does not list have none; pool is all that can be wanted,
 * where that is known to be little
 */
export function foldedList(
  model: Model,
  of: {
    strengths: ReadonlyMap<string, number>
    popularity: readonly ScoredItem[]
    isWanted: (itemId: string) => boolean
    pool?: readonly string[] | undefined
    n: number
  },
): [itemId: string, score: number][] {
  const vector = userVector(model, of.strengths)
  if (!vector) return []
  const { rowOf, popularityShare } = model
  const popular = of.popularity.flatMap(([itemId, value]): [number, number][] => {
    const item = rowOf.get(itemId)
    return item === undefined || value <= 0 ? [] : [[item, value]]
  })
  const best = wanted(model, { items: model.factors.items, vector, popular, popularityShare }, of)
  const highest = best[0]?.[1] ?? 1
  return best.map(([itemId, score]) => [itemId, score / highest])
}

/** The n best scores above 0 of wanted items. Few items are asked about unless few are wanted: asking is what costs. */
function wanted(
  { items, rowOf, factors: { workspace } }: Model,
  ranking: Omit<PersonalListOptions, 'n' | 'among'>,
  of: { isWanted: (itemId: string) => boolean; pool?: readonly string[] | undefined; n: number },
): [itemId: string, score: number][] {
  const { isWanted, pool, n } = of
  const among = pool && pool.length < poolShareMax * items.length ? rowsOf(pool, rowOf) : undefined
  const most = among?.length ?? items.length
  for (let size = Math.ceil(1.25 * n) + 16; ; ) {
    const best = named(personalList(workspace, { ...ranking, n: Math.min(size, most), among }), items)
    const found = best.filter(([itemId]) => isWanted(itemId))
    if (found.length >= n || size >= most) return found.slice(0, n)
    // As many as would do if the rest were wanted as often, and some.
    size *= Math.min(8, Math.max(2, Math.ceil((1.5 * n) / (found.length + 1))))
  }
}

const rowsOfPools = new WeakMap<readonly string[], { rowOf: Model['rowOf']; rows: readonly number[] }>()

/** Rows of the model, each once: the products of a category are the same pool for every request. */
function rowsOf(pool: readonly string[], rowOf: Model['rowOf']): readonly number[] {
  const known = rowsOfPools.get(pool)
  if (known?.rowOf === rowOf) return known.rows
  const rows = [...new Set(pool)].flatMap(itemId => rowOf.get(itemId) ?? [])
  rowsOfPools.set(pool, { rowOf, rows })
  return rows
}

function named(
  { items, scores }: { items: Uint32Array; scores: Float32Array },
  ids: readonly string[],
): [itemId: string, score: number][] {
  return Array.from(items, (item, place) => [ids[item] ?? '', scores[place]!])
}

function userVector(
  { factors, rowOf, parameters }: Model,
  strengthOf: ReadonlyMap<string, number>,
): Float32Array | undefined {
  const columns: number[] = []
  const strengths: number[] = []
  for (const [itemId, strength] of strengthOf) {
    const item = rowOf.get(itemId)
    if (item === undefined) continue
    columns.push(item)
    strengths.push(strength)
  }
  return columns.length === 0 ? undefined : foldIn({ columns, strengths }, factors.side, parameters)
}
