import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as openRequest } from 'node:http'
import { fileURLToPath } from 'node:url'
import { nodeArguments } from '../local/host/app/node-arguments.ts'
import { startHost } from '../local/host/host.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { fourDigits, quantile } from './spread.ts'

// Short turns, so that what else the machine does falls on both alike.
const rounds = 80
const callsPerRound = 80
const warmUpCalls = 3_000
const events = Array.from({ length: 10 }, (_, index) => ({
  event_type: 'view',
  user_id: 'u',
  item_id: `item-${index}`,
}))

interface Call {
  name: string
  method: string
  path: string
  body?: string
}
const calls: readonly Call[] = [
  { name: 'GET of a list', method: 'GET', path: '/api/list?user_id=u' },
  { name: 'POST of 10 events', method: 'POST', path: '/api/accept', body: JSON.stringify({ events }) },
]

/**
 * What the Functions host adds to a call: the time of a call through it less that of the same function called straight by a
 * server of node:http in a process with the same arguments, in turns.
 */
export const hostBench: Bench = step =>
  withState(async stateDir => {
    const appDir = fileURLToPath(new URL('./host-app/', import.meta.url))
    const bare = fork(`${appDir}bare.cjs`, { execArgv: nodeArguments({}) })
    const host = await startHost({ appDir, stateDir, port: 0, settings: {}, quiet: true })
    try {
      const [{ port }] = (await once(bare, 'message')) as [{ port: number }]
      const ports = { host: host.port, bare: port }
      const results: BenchResult[] = []
      for (const call of calls) {
        for (const inFlight of [1, 16]) {
          step(`${call.name}, ${inFlight} in flight`)
          results.push(await ownTime(call, inFlight, ports))
        }
      }
      return results
    } finally {
      bare.disconnect()
      await host.drain()
    }
  })

async function ownTime(call: Call, inFlight: number, ports: { host: number; bare: number }): Promise<BenchResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const times = async (port: number, count: number) => timesOf({ call, port, agent, inFlight, count })
  await times(ports.host, warmUpCalls)
  await times(ports.bare, warmUpCalls)
  const own: number[] = []
  const through: number[] = []
  const straight: number[] = []
  for (let round = 0; round < rounds; round++) {
    const hostMs = perCall(await times(ports.host, callsPerRound), inFlight)
    const bareMs = perCall(await times(ports.bare, callsPerRound), inFlight)
    own.push(hostMs - bareMs)
    through.push(hostMs)
    straight.push(bareMs)
  }
  agent.destroy()
  const quality = {
    through_the_host_ms: quantile(through, 0.5),
    straight_ms: quantile(straight, 0.5),
    calls: rounds * callsPerRound,
    goal: 'under 0.4 ms',
  }
  return lone(`the host's own time, ${call.name}, ${inFlight} in flight`, { values: own, unit: 'ms a call', quality })
}

/** The median of the answer times; of calls that wait for each other in one process, what each of them took of it. */
function perCall(ms: number[], inFlight: number): number {
  return fourDigits(quantile(ms, 0.5) / inFlight)
}

interface Load {
  call: Call
  port: number
  agent: Agent
  inFlight: number
  count: number
}

async function timesOf({ call, port, agent, inFlight, count }: Load): Promise<number[]> {
  const ms: number[] = []
  let started = 0
  async function caller(): Promise<void> {
    while (started < count) {
      started++
      const at = performance.now()
      await send(call, port, agent)
      ms.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return ms
}

function send({ method, path, body }: Call, port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }
    const request = openRequest({ agent, host: '127.0.0.1', port, method, path, headers }, answer => {
      if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path} answered ${answer.statusCode}`))
      answer.on('end', resolve).resume()
    })
    request.once('error', reject).end(body)
  })
}
