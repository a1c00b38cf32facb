import { contentFeatures } from '../shared/algorithms/content-features.ts'
import { addToQuery, contentScores } from '../shared/algorithms/content-scores.ts'
import { type Csr, csrFromTriples, transpose } from '../shared/algorithms/csr.ts'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import { encodeUserHistories, userHistories } from '../shared/algorithms/user-histories.ts'
import { userNeighbours } from '../shared/algorithms/user-neighbours.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { quantile } from './spread.ts'

const items = 100_000
const users = 100_000
const eventsPerUser = 20
const queries = 2_000
const wanted = { n: 200, isWanted: () => true }
const mega = 1_000_000

/** What a request costs of sources that ask indexes in memory, at 100,000 items and as many users, and what these weigh. */
export const sourcesBench: Bench = async step => {
  step(`${users} users of ${eventsPerUser} events, ${items} products`)
  return [await neighbours(), await content()]
}

async function neighbours(): Promise<BenchResult> {
  const random = seededRandom(1)
  const userItems = histories(random)
  const times = Uint32Array.from(userItems.indices, () => Math.floor(1e9 * random()))
  const limits = { usersMax: users, itemsPerUser: 100, usersPerItem: 500 }
  const index = userHistories({ userItems, times, keyOf: user => user, ...limits })
  const recommend = userNeighbours(index, { neighbours: 100 })
  const asked = Array.from({ length: queries }, () => Array.from(new Set(drawn(15, random))))
  return perQuery('user neighbours of a visit of 15 items', {
    asked,
    ask: query => recommend({ items: query, weights: query.map((_, age) => 0.85 ** age) }, wanted).length,
    megabytes: encodeUserHistories(index).length / mega,
  })
}

async function content(): Promise<BenchResult> {
  const random = seededRandom(2)
  const words = Array.from(
    { length: 5_000 },
    (_, word) => `word${word.toString(36).replaceAll(/\d/g, digit => 'qrstuvwxyz'[Number(digit)] ?? '')}`,
  )
  const started = performance.now()
  const { rows } = contentFeatures(
    Array.from({ length: items }, () => ({
      text: Array.from({ length: 25 }, () => words[Math.floor(words.length * random() ** 2)]).join(' '),
      category: `Category ${Math.floor(15 * random())}`,
      brand: `Brand ${Math.floor(300 * random())}`,
      price: 2 ** (10 * random()),
    })),
    { termsMax: 500 },
  )
  const buildSeconds = (performance.now() - started) / 1000
  const itemsOf = transpose(rows)
  const nearest = contentScores({ rows, itemsOf })
  const asked = Array.from({ length: queries }, () => drawn(10, random))
  return perQuery('content like 10 items', {
    asked,
    ask: seeds => {
      const query = new Map<number, number>()
      for (const [age, row] of seeds.entries()) addToQuery(query, rows, row, 0.85 ** age)
      return nearest(query, wanted).length
    },
    megabytes: (2 * (8 * rows.indices.length) + 4 * (rows.indptr.length + itemsOf.indptr.length)) / mega,
    quality: { build_seconds: buildSeconds },
  })
}

async function perQuery<Query>(
  name: string,
  of: {
    asked: readonly Query[]
    ask: (query: Query) => number
    megabytes: number
    quality?: BenchResult['quality']
  },
): Promise<BenchResult> {
  const { asked, ask, megabytes, quality = {} } = of
  let found = 0
  let next = 0
  const { ms } = await repeat(
    () => {
      found += ask(asked[next % asked.length]!)
      next += 1
    },
    { runs: queries, warmUps: 200 },
  )
  const figures = { p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), p99_ms: quantile(ms, 0.99), megabytes }
  return lone(name, { values: ms, unit: 'ms', quality: { ...figures, ...quality, found_mean: found / next } })
}

/** Users' items; low numbers are met more often. */
function histories(random: Random): Csr {
  const count = users * eventsPerUser
  const rowOf = Uint32Array.from({ length: count }, (_, event) => event % users)
  const columnOf = Uint32Array.from(drawn(count, random))
  return csrFromTriples({ rows: users, columns: items, rowOf, columnOf, valueOf: new Float32Array(count).fill(1) })
}

const drawn = (count: number, random: Random): number[] =>
  Array.from({ length: count }, () => Math.floor(items * random() ** 3))
