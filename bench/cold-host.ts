// A process for the bench cold-start: a host with the HTTP functions alone, from the start of their process to a personal list.
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { startHost } from '../local/host/host.ts'
import { type ColdFigures, ColdStart } from './cold-start.ts'
import { processCpuMs } from './process-cpu.ts'

const waitMsMax = 30_000
const pollMs = 5
const Items = z.object({ items: z.array(z.unknown()) })

process.once('message', async (message: unknown) => {
  const figures = await coldStart(ColdStart.parse(message))
  process.send?.(figures, () => process.exit(0))
})

async function coldStart({ appDir, stateDir, settings, path, token }: ColdStart): Promise<ColdFigures> {
  let startedAt = 0
  let pid = 0
  const host = await startHost({
    ...{ appDir, stateDir, port: 0, settings, quiet: true },
    onEvent: event => {
      if (event.type !== 'started') return
      startedAt = performance.now()
      pid = event.pid
    },
  })
  const sinceStart = () => performance.now() - startedAt
  const answered = async (holds: (rung: string) => boolean) => {
    for (const until = performance.now() + waitMsMax; performance.now() < until; await delay(pollMs)) {
      const { headers, body } = await ask(`${host.url}${path}`, token)
      const rung = headers.get('x-sidecart-rung') ?? 'none'
      if (body.items.length > 0 && holds(rung)) return { rung, degraded: headers.get('x-sidecart-degraded') ?? 'no' }
    }
    throw new Error(`${path} had no such list within ${waitMsMax} ms`)
  }
  const loadedMs = sinceStart()
  const { rung: firstRung, degraded } = await answered(() => true)
  const first = { firstMs: sinceStart(), firstCpuMs: processCpuMs(pid), firstRung, degraded }
  await answered(rung => rung === 'personal')
  const figures = { loadedMs, ...first, personalMs: sinceStart() }
  await host.drain()
  return figures
}

async function ask(url: string, token: string) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  return { headers: response.headers, body: Items.parse(await response.json()) }
}
