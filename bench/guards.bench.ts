import { HttpRequest } from '@azure/functions'
import { apiRequest } from '../shared/adapters/azure/http.ts'
import { joseTokens } from '../shared/adapters/azure/tokens.ts'
import type { Endpoint } from '../shared/api/endpoint.ts'
import { identify } from '../shared/api/guards/identify.ts'
import { guardsInOrder } from '../shared/api/guards/in-order.ts'
import { KeyRing } from '../shared/api/guards/key-ring.ts'
import { type Handler, handler } from '../shared/api/handle.ts'
import { impressionLog } from '../shared/api/lists/impression-log.ts'
import { listFrom } from '../shared/api/lists/list-from.ts'
import { userRecommendations } from '../shared/api/routes/recommendations.ts'
import { UserListQuery } from '../shared/schemas/requests.ts'
import { GuardSettings } from '../shared/schemas/settings/guards.ts'
import { IdentitySettings } from '../shared/schemas/settings/identity.ts'
import { answeringShop } from '../tests/api-by-hand.ts'
import { apiRequest as preparedRequest } from '../tests/api-request.ts'
import type { Bench, BenchResult } from './report.ts'
import { fourDigits, quantile, spread } from './spread.ts'

const calls = 4_000
const warmUps = 1_000

/**
 * What guards, tokens and checks of the input add to a recommendation: the route as it is bound, beside the list alone from input
 * that was checked before, call by call in turn. In process and in memory: what is left is what they cost.
 */
export const guardsBench: Bench = async step => {
  const { ports, shop } = await answeringShop()
  const impressions = impressionLog(ports)
  const need = { ports, shop, impressions }
  const route = userRecommendations(need)
  const query = UserListQuery.parse({ limit: '10', price_max: '100' })
  const list: Endpoint = {
    ...route,
    run: () => listFrom(need, { wishes: query, placed: { placement: query.placement, userId: 'anna' } }),
  }
  const tokens = joseTokens({ settings: identitySettings, clock: Date.now, log: ports.log, fetchJson: unreachable })
  const identified = identify({ ports: { tokens }, keyRing: new KeyRing(ports) })
  const settings = GuardSettings.parse({ SHOPPER_REQUESTS_PER_SECOND: '100000', ADDRESS_REQUESTS_PER_SECOND: '100000' })
  const guards = guardsInOrder({
    settings,
    ports: { ...ports, clock: Date.now },
    secret: 'secret',
    identify: identified,
  })
  const bare = handler(list, [], ports.log)
  const guarded = handler(route, guards, ports.log)
  const known = await tokens.signShopper({ userId: 'anna' }, 3600)
  step('a token for every call')
  // Tokens differ by when they end.
  const fresh = await Promise.all(
    Array.from({ length: calls + warmUps }, (_, call) => tokens.signShopper({ userId: 'anna' }, 3600 + call)),
  )
  return [
    await overhead('with a token that came before', { bare, guarded, tokenOf: () => known }),
    await overhead('with a token that is new', { bare, guarded, tokenOf: call => fresh[call] ?? known }),
  ]
}

const identitySettings = IdentitySettings.parse({
  AUTH_ISSUER: 'http://127.0.0.1:1/tenant',
  AUTH_AUDIENCE: 'bench',
  SHOPPER_TOKEN_KEY: 'only-for-this-bench-and-nothing-else',
})

async function unreachable(): Promise<never> {
  throw new Error('A shopper’s token is verified without its issuer')
}

async function overhead(
  name: string,
  of: { bare: Handler; guarded: Handler; tokenOf: (call: number) => string },
): Promise<BenchResult> {
  const prepared = preparedRequest({ path: { id: 'anna' }, query: { limit: '10', price_max: '100' } })
  const times = { bare: [] as number[], guarded: [] as number[] }
  for (let call = 0; call < warmUps + calls; call++) {
    const received = requestWith(of.tokenOf(call))
    const started = performance.now()
    await answered(of.bare(prepared))
    const between = performance.now()
    await answered(of.guarded(apiRequest(received, { alias: undefined, proxies: 1 })))
    const ended = performance.now()
    if (call < warmUps) continue
    times.bare.push(between - started)
    times.guarded.push(ended - between)
  }
  const [bare, guarded] = [spread(times.bare), spread(times.guarded)]
  const added = { added_p50_ms: fourDigits(guarded.median - bare.median), added_p95_ms: p95(times) }
  return {
    ...{ case: `a list of 10, ${name}`, sidecart: { ...guarded, unit: 'ms' }, peers: { bare } },
    ...{ ratio: { bare: fourDigits(guarded.median / bare.median) }, quality: { ...added, goal: 'under 0.5 ms p50' } },
  }
}

const p95 = ({ bare, guarded }: { bare: number[]; guarded: number[] }): number =>
  fourDigits(quantile(guarded, 0.95) - quantile(bare, 0.95))

/** As the library hands it over: making it is the platform's. */
function requestWith(token: string): HttpRequest {
  return new HttpRequest({
    url: 'http://127.0.0.1/recommend/user/anna?limit=10&price_max=100',
    method: 'GET',
    headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7:51234', 'accept-encoding': 'gzip' },
    query: { limit: '10', price_max: '100' },
    params: { id: 'anna' },
  })
}

async function answered(answer: ReturnType<Handler>): Promise<void> {
  const { status, body } = await answer
  if (status !== 200) throw new Error(`A list was answered ${status}: ${body}`)
}
