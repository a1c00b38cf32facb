import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
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
/** Long enough for loading's garbage to be collected where an idle process does so at all. */
const settleMs = 10_000

/**
 * What `npm start` does after the install, on a fresh state: seconds from starting the process to the first answered
 * list; then the memory of all its processes, idle and again after the load of the bench `serve`.
 */
export const startBench: Bench = async step => {
  const user = (await readShop()).customers[0]?.customerId ?? ''
  const seconds: number[] = []
  const idle: TreeMemory[] = []
  const loaded: TreeMemory[] = []
  for (let run = 1; run <= runs; run++) {
    step(`Start ${run} of ${runs}`)
    await withState(async stateDir => {
      const url = `http://127.0.0.1:${await freePort(7071)}`
      const started = performance.now()
      const child = start(url, stateDir)
      try {
        await firstList(`${url}/recommend/user/${user}`, url, child)
        seconds.push((performance.now() - started) / 1000)
        await delay(settleMs)
        idle.push(treeMemory(child.pid ?? 0))
        if (run < runs) return
        await serveLoad(url, step)
        await delay(settleMs)
        loaded.push(treeMemory(child.pid ?? 0))
      } finally {
        await stop(child)
      }
    })
  }
  const ready = lone('start to first list', { values: seconds, unit: 's', quality: { goal: 'under 20 s' } })
  return [ready, memory('memory when idle after the start', idle), memory('memory after the load of serve', loaded)]
}

function start(url: string, stateDir: string): ChildProcess {
  const args = [
    '--disable-warning=ExperimentalWarning',
    'local/start.ts',
    '--port',
    new URL(url).port,
    '--state',
    stateDir,
  ]
  return spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function firstList(list: string, url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startMsMax
  for (;;) {
    if (child.exitCode !== null) throw new Error(`npm start ended with exit code ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error(`No list was answered within ${startMsMax} ms of the start`)
    if ((await isOk(`${url}/health`)) && (await isOk(list))) return
    await delay(pollMs)
  }
}

/** Until it listens, a request fails: then it is not ready yet. */
async function isOk(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined)
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
      goal: 'under 1200 MB, all processes',
    },
  })
}
