import { Agent } from 'node:http'
import { type Api, getJson } from '../local/api-client.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import { CacheStats } from '../shared/schemas/cache.ts'
import { openLoop } from './load.ts'
import { treeMemory } from './process-memory.ts'
import { type BenchResult, lone } from './report.ts'
import { status } from './serve-load.ts'
import { quantile } from './spread.ts'

const warmUp = { perSecond: 200, seconds: 10 }

/**
 * Lists of users drawn by Zipf's law, on a fixed schedule, client and all servers on the same machine: answer times from when
 * each was due, errors, what the cache answered from memory, and whether memory grew from the first tenth to the end.
 */
export async function serveAtRate(
  api: Api,
  { perSecond, seconds, step }: { perSecond: number; seconds: number; step: (text: string) => void },
): Promise<BenchResult[]> {
  const userOf = zipf((await readShop()).customers.map(({ customerId }) => customerId))
  const random = seededRandom(3)
  const agent = new Agent({ keepAlive: true })
  let errors = 0
  const send = async () => {
    if ((await status(api, `/recommend/user/${encodeURIComponent(userOf(random))}`, agent)) !== 200) errors += 1
  }
  step('Warming up')
  await openLoop(send, warmUp)
  await openLoop(send, { perSecond, seconds: Math.ceil(seconds / 10) })
  errors = 0
  const before = await measure(api)
  step(`${perSecond} requests a second for ${seconds} s`)
  const ms = await openLoop(send, { perSecond, seconds })
  const after = await measure(api)
  agent.destroy()
  const asked = after.hits - before.hits + after.misses - before.misses
  const quality = {
    ...{ p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), p99_ms: quantile(ms, 0.99), errors },
    user_documents_from_memory: asked === 0 ? 0 : Math.round((1000 * (after.hits - before.hits)) / asked) / 1000,
    looks_a_second: Math.round((10 * (after.looks - before.looks)) / seconds) / 10,
    ...{ cache_entries: after.entries, cache_mb: Math.round(after.bytes / 2 ** 17) / 8 },
    ...{ stack_pss_mb_before: Math.round(before.pssMb), stack_pss_mb_after: Math.round(after.pssMb) },
  }
  const name = `GET /recommend/user/{id}, ${perSecond} a second for ${seconds} s, users by Zipf's law`
  return [lone(name, { values: ms, unit: 'ms', quality: { ...quality, goal: 'p95 < 25 ms, 0 errors' } })]
}

async function measure(api: Api) {
  const { users } = CacheStats.parse(await getJson(api, '/api/cache/stats')).instance
  return { ...users, ...treeMemory(process.pid) }
}

/** Draws the r-th of them with a probability that goes with 1 / r. */
function zipf(users: readonly string[]): (random: Random) => string {
  let sum = 0
  const upTo = users.map((_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
  return random => {
    const drawn = random() * sum
    let [from, to] = [0, users.length - 1]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((upTo[middle] ?? 0) < drawn) from = middle + 1
      else to = middle
    }
    return users[from] ?? ''
  }
}
