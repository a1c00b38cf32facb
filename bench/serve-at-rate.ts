import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { getJson } from '../local/api-client.ts'
import type { LocalStack } from '../local/local-stack.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import { CacheStats } from '../shared/schemas/cache.ts'
import { openLoop } from './load.ts'
import { processCpuMs } from './process-cpu.ts'
import { treeMemory } from './process-memory.ts'
import { type BenchResult, lone } from './report.ts'
import { status } from './serve-load.ts'
import { sessions } from './shoppers.ts'
import { fourDigits, quantile } from './spread.ts'

const warmUp = { perSecond: 200, seconds: 10 }
const progressSeconds = 10

interface AtRate {
  perSecond: number
  seconds: number
  /** What shoppers do meanwhile, events a second; 0 for nothing. */
  eventsPerSecond: number
  step: (text: string) => void
}

/**
 * Lists of users drawn by Zipf's law, on a fixed schedule, client and all servers on the same machine: answer times from when
 * each was due, errors, lists that had to do without something, what was answered from memory, the processor time an answer
 * took of each process, and whether memory grew from the first tenth to the end.
 */
export async function serveAtRate(stack: LocalStack, of: AtRate): Promise<BenchResult[]> {
  const { perSecond, seconds, eventsPerSecond, step } = of
  const shop = await readShop()
  const userOf = zipf(shop.customers.map(({ customerId }) => customerId))
  const random = seededRandom(3)
  const agent = new Agent({ keepAlive: true })
  const seen = { errors: 0, degraded: 0, answered: 0 }
  const send = async () => {
    const answer = await status(stack, `/recommend/user/${encodeURIComponent(userOf(random))}`, agent)
    seen.answered += 1
    if (answer.status !== 200) seen.errors += 1
    if (answer.isDegraded) seen.degraded += 1
  }
  step('Warming up')
  await openLoop(send, warmUp)
  await openLoop(send, { perSecond, seconds: Math.ceil(seconds / 10) })
  Object.assign(seen, { errors: 0, degraded: 0, answered: 0 })
  const [before, cpuBefore] = [await measure(stack), cpuOf(stack)]
  step(`${perSecond} requests a second for ${seconds} s, ${eventsPerSecond} events a second beside them`)
  const everySecond = (sent: number) => {
    const { answered, errors, degraded } = seen
    const second = sent / perSecond
    if (second % progressSeconds === 0 && sent > 0)
      step(`${second} s: ${sent} sent, ${sent - answered} on their way, ${errors} errors, ${degraded} degraded`)
  }
  const [ms] = await Promise.all([
    openLoop(send, { perSecond, seconds, everySecond }),
    eventsPerSecond === 0 ? [] : happen(stack, { shop, perSecond: eventsPerSecond, seconds }),
  ])
  const [after, cpuAfter] = [await measure(stack), cpuOf(stack)]
  agent.destroy()
  const cpu = Object.entries(cpuAfter).map(([name, spent]) => {
    return [`cpu_ms_an_answer_${name}`, fourDigits((spent - (cpuBefore[name] ?? 0)) / ms.length)] as const
  })
  const quality = {
    ...{ p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), p99_ms: quantile(ms, 0.99) },
    ...{ errors: seen.errors, degraded: seen.degraded },
    lists_given_again: share(after.made.hits - before.made.hits, after.made.misses - before.made.misses),
    user_documents_from_memory: share(after.hits - before.hits, after.misses - before.misses),
    looks_a_second: Math.round((10 * (after.looks - before.looks)) / seconds) / 10,
    ...{ cache_entries: after.entries, cache_mb: Math.round(after.bytes / 2 ** 17) / 8 },
    ...{ stack_pss_mb_before: Math.round(before.pssMb), stack_pss_mb_after: Math.round(after.pssMb) },
    ...Object.fromEntries(cpu),
  }
  const name = `GET /recommend/user/{id}, ${perSecond} a second for ${seconds} s, users by Zipf's law, ${eventsPerSecond} events a second`
  return [lone(name, { values: ms, unit: 'ms', quality: { ...quality, goal: 'p95 < 25 ms, 0 errors' } })]
}

/** What shoppers do, posted to the API one by one. */
async function happen(
  { url, token }: LocalStack,
  of: { shop: Awaited<ReturnType<typeof readShop>>; perSecond: number; seconds: number },
): Promise<void> {
  const { customers } = of.shop
  const events = sessions(of.shop, { seed: 5, ts: () => new Date().toISOString() })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  // Behind a backlog of lists fetch() would give up connecting after ten seconds.
  const agent = new Agent({ keepAlive: true })
  await openLoop(async index => {
    const { value: event } = events.next()
    if (!event) throw new Error('The stream of events has ended')
    // By the shop's own users, as it is they who are asked about.
    const user_id = customers[(index * 7919) % customers.length]?.customerId
    const body = JSON.stringify({ ...event, user_id })
    const asked = request(`${url}/api/interactions`, { method: 'POST', headers, agent }).end(body)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    if (answer.statusCode !== 202) throw new Error(`An event was answered ${answer.statusCode}`)
    await once(answer, 'end')
  }, of)
  agent.destroy()
}

async function measure(stack: LocalStack) {
  const { users, made } = CacheStats.parse(await getJson(stack, '/api/cache/stats')).instance
  if (made === null) throw new Error('The instance keeps no lists')
  return { ...users, made, ...treeMemory(process.pid) }
}

/** Milliseconds of processor time so far, by what a process is: servers, workers, and this one, which is client and host. */
function cpuOf(stack: LocalStack): Record<string, number> {
  const spent: Record<string, number> = { client_and_host: processCpuMs(process.pid) }
  for (const { name, pid } of stack.pids()) {
    if (pid !== process.pid) spent[name] = (spent[name] ?? 0) + processCpuMs(pid)
  }
  return spent
}

const share = (hits: number, misses: number): number => (hits === 0 ? 0 : fourDigits(hits / (hits + misses)))

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
