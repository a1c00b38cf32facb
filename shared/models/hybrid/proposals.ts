import { calibrated } from '../../algorithms/blend.ts'
import type { Csr } from '../../algorithms/csr.ts'
import { entriesOf } from '../evaluate.ts'
import type { Recommender } from '../recommender.ts'
import { candidatesOf, type Listable } from './candidates.ts'
import { batchOf } from './hybrid-recommender.ts'

/** What all sources propose to one user, laid out so that many weights can be tried on it. */
export interface Proposals {
  /** Calibrated scores, 0 where a source does not propose an item, shape (sources, items); who is proposed first comes first. */
  scores: Float64Array
  items: number
  /** Places among the items of those held out. */
  relevant: readonly number[]
  /** How many are held out, proposed or not. */
  held: number
}

/** The proposals of sources to users with something held out, at most `usersMax` of them, spread evenly. */
export async function proposalsOf(
  sources: readonly Recommender[],
  of: Listable & { held: Csr; usersMax: number },
): Promise<Proposals[]> {
  const { held, usersMax, ...may } = of
  const scores = new Float32Array(held.columns)
  const users = spread(
    Array.from({ length: held.rows }, (_, user) => user).filter(user => held.indptr[user]! < held.indptr[user + 1]!),
    usersMax,
  )
  const { batch } = batchOf(sources)
  const size = batch?.users ?? users.length
  const proposals: Proposals[] = []
  for (let from = 0; from < users.length; from += size) {
    const some = users.slice(from, from + size)
    await batch?.prepare(some)
    for (const user of some) {
      const found = sources.map(source => candidatesOf(source, user, { ...may, scores }))
      proposals.push(laidOut(found, entriesOf(held, user)))
    }
  }
  return proposals
}

function laidOut(found: readonly { items: Uint32Array; scores: Float32Array }[], held: readonly number[]): Proposals {
  const placeOf = new Map<number, number>()
  for (const { items } of found) for (const item of items) if (!placeOf.has(item)) placeOf.set(item, placeOf.size)
  const scores = new Float64Array(found.length * placeOf.size)
  for (const [source, candidates] of found.entries()) {
    const scale = calibrated(candidates.scores)
    for (const [place, item] of candidates.items.entries()) {
      scores[source * placeOf.size + placeOf.get(item)!] = scale[place]!
    }
  }
  const relevant = held.flatMap(item => placeOf.get(item) ?? [])
  return { scores, items: placeOf.size, relevant, held: held.length }
}

function spread(users: readonly number[], count: number): number[] {
  const kept = Math.min(count, users.length)
  return Array.from({ length: kept }, (_, place) => users[Math.floor((place * users.length) / kept)]!)
}
