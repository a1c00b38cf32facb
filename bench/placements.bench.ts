import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Api } from '../local/api-client.ts'
import { buildApp } from '../local/build.ts'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import { openLoop } from './load.ts'
import { type Asked, startPlacementShop, withNewHost } from './placement-shop.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { quantile } from './spread.ts'

const size = { users: 20_000, items: 100_000, interactions: 400_000 }
const perSecond = 100
const seconds = { cold: 5, between: 10, warm: 10 }

interface Sent {
  method: 'GET' | 'POST'
  path: string
  body?: string
}

/** What a shop asks for on each kind of page. */
export const placements: Readonly<Record<string, (asked: Asked, random: Random) => Sent>> = {
  home: ({ users }, random) => get(`/recommend/user/${pick(users, random)}`),
  'home of a visitor': ({ sessions }, random) => get(`/recommend/session/${pick(sessions, random)}`),
  similar: ({ items }, random) => get(`/recommend/item/${pick(items, random)}`),
  bought_together: ({ items }, random) => get(`/recommend/item/${pick(items, random)}?placement=bought_together`),
  also_viewed: ({ items }, random) => get(`/recommend/item/${pick(items, random)}?placement=also_viewed`),
  cart: (asked, random) => get(`/recommend/cart?${cart(asked, random)}`),
  checkout: (asked, random) => get(`/recommend/cart?${cart(asked, random)}&placement=checkout`),
  category: ({ users, categories }, random) =>
    get(`/recommend/category/${encodeURIComponent(pick(categories, random))}?user=${pick(users, random)}`),
  search: ({ users, items }, random) => {
    const found = Array.from({ length: 100 }, () => pick(items, random))
    return {
      method: 'POST',
      path: '/recommend/search',
      body: JSON.stringify({ items: [...new Set(found)], user_id: pick(users, random) }),
    }
  },
  email: ({ users }, random) => get(`/recommend/user/${pick(users, random)}?placement=email`),
}

/**
 * Answer times of each placement at a hundred requests a second, in a shop of 100,000 items: of a functions host that has just
 * started, and of the same one later. Half of the users did something since the last refresh.
 */
export const placementsBench: Bench = async step => {
  await buildApp()
  return withState(async stateDir => {
    const { stack, asked } = await startPlacementShop(size, { stateDir, step })
    try {
      const results: BenchResult[] = []
      for (const name of Object.keys(placements)) {
        step(name)
        const hostState = `${stateDir}/host-${results.length}`
        results.push(...(await withNewHost(stack, { stateDir: hostState, asked }, api => measured(name, api, asked))))
      }
      return results
    } finally {
      await stack.stop()
    }
  })
}

export async function measured(name: string, api: Api, asked: Asked): Promise<BenchResult[]> {
  const random = seededRandom(2)
  const agent = new Agent({ keepAlive: true })
  const make = placements[name]
  if (!make) throw new RangeError(`Cannot measure ${name} as there is no such placement`)
  let errors = 0
  const send = async () => {
    if ((await status(api, make(asked, random), agent)) !== 200) errors += 1
  }
  const cold = await openLoop(send, { perSecond, seconds: seconds.cold })
  await openLoop(send, { perSecond, seconds: seconds.between })
  const warm = await openLoop(send, { perSecond, seconds: seconds.warm })
  agent.destroy()
  const result = (how: string, ms: readonly number[], goal: string) =>
    lone(`${name}, ${how}`, {
      ...{ values: ms, unit: 'ms' },
      quality: { p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), p99_ms: quantile(ms, 0.99), errors, goal },
    })
  return [result('cold', cold, 'p95 < 40 ms'), result('warm', warm, 'p95 < 15 ms')]
}

/** node:http and not fetch: the client shares the cores with what it measures. */
async function status({ url, token }: Api, { method, path, body }: Sent, agent: Agent): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
  const asked = request(`${url}${path}`, { agent, method, headers }).end(body)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response.statusCode ?? 0
}

const get = (path: string): Sent => ({ method: 'GET', path })

function cart({ users, items }: Asked, random: Random): string {
  return `items=${Array.from({ length: 4 }, () => pick(items, random)).join(',')}&user=${pick(users, random)}`
}

function pick<T>(from: readonly T[], random: Random): T {
  const found = from[Math.floor(from.length * random())]
  if (found === undefined) throw new RangeError('Cannot pick from nothing')
  return found
}
