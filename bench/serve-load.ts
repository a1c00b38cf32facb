import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Api } from '../local/api-client.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { closedLoop, openLoop } from './load.ts'
import { type BenchResult, lone } from './report.ts'
import { quantile } from './spread.ts'

const schedule = { perSecond: 50, seconds: 20 }
const full = { inFlight: 16, seconds: 5 }

/** Asks for lists of random known users: 50 a second for 20 s, then as many as 16 in flight bring for 5 s. */
export async function serveLoad(api: Api, step: (text: string) => void): Promise<BenchResult[]> {
  const users = (await readShop()).customers.map(({ customerId }) => customerId)
  const random = seededRandom(2)
  const agent = new Agent({ keepAlive: true })
  let errors = 0
  const send = async () => {
    const user = users[Math.floor(users.length * random())] ?? ''
    const answer = await status(api, `/recommend/user/${encodeURIComponent(user)}`, agent)
    if (answer.status !== 200) errors += 1
  }
  await openLoop(send, { perSecond: 50, seconds: 2 })

  step(`${schedule.perSecond} requests a second for ${schedule.seconds} s`)
  errors = 0
  const ms = await openLoop(send, schedule)
  const quality = { p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95), p99_ms: quantile(ms, 0.99), errors }
  const answerTimes = lone(`GET /recommend/user/{id}, ${schedule.perSecond} a second for ${schedule.seconds} s`, {
    ...{ values: ms, unit: 'ms', quality: { ...quality, goal: 'p95 < 15 ms' } },
  })
  step(`${full.inFlight} in flight for ${full.seconds} s`)
  errors = 0
  const answers = await closedLoop(send, full)
  agent.destroy()
  const most = lone(`GET /recommend/user/{id}, ${full.inFlight} in flight for ${full.seconds} s`, {
    ...{ values: answers, unit: 'answers/s', quality: { errors } },
  })
  return [answerTimes, most]
}

/** node:http and not fetch: the client shares the cores with what it measures. Status 0 for a broken connection. */
export async function status(
  { url, token }: Api,
  path: string,
  agent: Agent,
): Promise<{ status: number; isDegraded: boolean }> {
  const asked = request(`${url}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }).end()
  try {
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    const { statusCode, headers } = response
    return { status: statusCode ?? 0, isDegraded: headers['x-sidecart-degraded'] !== undefined }
  } catch {
    // Counted as an error by the caller, like any other answer but 200.
    return { status: 0, isDegraded: false }
  }
}
