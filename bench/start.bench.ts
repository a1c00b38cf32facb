import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from '../local/api-client.ts'
import { freePort } from '../local/ports.ts'
import { projectRoot } from '../local/project-root.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { type TreeMemory, treeMemory } from './process-memory.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { serveLoad } from './serve-load.ts'
import { quantile } from './spread.ts'

const runs = 3
const pollMs = 50
const startMsMax = 120_000
/** Behind the minute for which functions keep a process without work. */
const settleMs = 75_000

/**
 * What `npm start` does after the install: seconds from starting the process to the first answered list on a fresh state, and
 * to the first answer of the whole stack on that state kept; the memory of all its processes, idle and again after the load of
 * the bench `serve`.
 */
export const startBench: Bench = async step => {
  const user = (await readShop()).customers[0]?.customerId ?? ''
  const seconds: number[] = []
  const again: number[] = []
  const idle: TreeMemory[] = []
  const loaded: TreeMemory[] = []
  for (let run = 1; run <= runs; run++) {
    step(`Start ${run} of ${runs}`)
    await withState(async stateDir => {
      const api = await freePort(7071)
      const of = { api, identity: await freePort(api + 1), stateDir }
      const list = `/recommend/user/${user}`
      await whileUp({ ...of, until: ['/health', list] }, async ({ seconds: took }) => {
        seconds.push(took)
      })
      await whileUp({ ...of, until: ['/health'] }, async ({ seconds: took, pid, api }) => {
        again.push(took)
        await delay(settleMs)
        idle.push(treeMemory(pid))
        if (run < runs) return
        await serveLoad(api, step)
        await delay(settleMs)
        loaded.push(treeMemory(pid))
      })
    })
  }
  const ready = lone('start to first list', { values: seconds, unit: 's', quality: { goal: 'under 20 s' } })
  const whole = lone('start of the whole stack, on a state kept', {
    values: again,
    unit: 's',
    quality: { goal: 'under 4 s', includes: 'building the app' },
  })
  return [
    ready,
    whole,
    memory('memory when idle after the start', idle),
    memory('memory after the load of serve', loaded),
  ]
}

/** Where the API and the local identity listen. */
interface Up {
  api: number
  identity: number
  stateDir: string
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`

/** Empty until the local identity listens. */
async function tokenOf({ identity }: Up): Promise<string> {
  const response = await fetch(`${urlOf(identity)}/token?role=admin`).catch(() => undefined)
  return (await response?.text()) ?? ''
}

function start({ api, identity, stateDir }: Up): ChildProcess {
  const args = [
    '--disable-warning=ExperimentalWarning',
    'local/start.ts',
    ...['--port', String(api), '--identity-port', String(identity)],
    ...['--state', stateDir],
  ]
  return spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Runs `npm start` until all paths answer, then `use`, and ends it. */
async function whileUp(
  { until, ...up }: Up & { until: readonly string[] },
  use: (up: { seconds: number; pid: number; api: Api }) => Promise<void>,
): Promise<void> {
  const started = performance.now()
  const child = start(up)
  try {
    await answered(until, { up, child })
    const seconds = (performance.now() - started) / 1000
    await use({ seconds, pid: child.pid ?? 0, api: { url: urlOf(up.api), token: await tokenOf(up) } })
  } finally {
    await stop(child)
  }
}

async function answered(paths: readonly string[], { up, child }: { up: Up; child: ChildProcess }): Promise<void> {
  const deadline = performance.now() + startMsMax
  for (;;) {
    if (child.exitCode !== null) throw new Error(`npm start ended with exit code ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error(`${paths.join(', ')} did not answer within ${startMsMax} ms`)
    const token = await tokenOf(up)
    if ((await Promise.all(paths.map(path => isOk(`${urlOf(up.api)}${path}`, token)))).every(Boolean)) return
    await delay(pollMs)
  }
}

/** Until it listens, a request fails: then it is not ready yet. */
async function isOk(url: string, token: string): Promise<boolean> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined)
  await response?.arrayBuffer()
  return response?.ok === true
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
}

function memory(name: string, trees: readonly TreeMemory[]): BenchResult {
  return lone(name, {
    values: trees.map(({ pssMb }) => pssMb),
    unit: 'MB PSS',
    quality: {
      processes: Math.max(...trees.map(({ processes }) => processes)),
      rss_mb: quantile(
        trees.map(({ rssMb }) => rssMb),
        0.5,
      ),
      goal: 'under 600 MB, all processes',
    },
  })
}
