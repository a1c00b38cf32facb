import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { LocalStack } from '../local/local-stack.ts'
import { packageFiles } from '../local/package/package-files.ts'
import { unpack, zip } from '../local/package/zip.ts'
import { projectRoot } from '../local/project-root.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { ColdFigures, type ColdStart } from './cold-start.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withSampleStack, withState } from './sample-stack.ts'
import { quantile } from './spread.ts'

const runs = 10
const Required = z.object({ requireMs: z.number(), cpuMs: z.number(), rssMb: z.number() })

/**
 * What a new instance takes for HTTP, on one core: to load the app that was packed, and to answer with recommendations on a
 * state that is there. No process has compiled code of the app at hand, and the servers beside it run already.
 */
export const coldStartBench: Bench = step =>
  withSampleStack(
    stack =>
      withState(async folder => {
        const appDir = join(folder, 'app')
        unpack(zip(packageFiles({ root: projectRoot, dist: join(projectRoot, 'dist') }), { level: 0 }), appDir)
        step(`${runs} times: the app alone`)
        const required = await inTurn(() => coldRequire(appDir, stack))
        step(`${runs} times: from the start of a process to recommendations`)
        const path = `/recommend/user/${(await readShop()).customers[0]?.customerId}`
        const settings = { ...stack.settings, ...offAllButHttp(stack) }
        const of = { appDir, settings, path, token: stack.token }
        return report(required, await inTurn(run => coldHost({ ...of, stateDir: join(folder, `host-${run}`) })))
      }),
    { step },
  )

function report(required: readonly z.infer<typeof Required>[], cold: readonly ColdFigures[]): BenchResult[] {
  const median = (values: number[]) => Math.round(quantile(values, 0.5))
  const rungs = cold.map(({ firstRung, degraded }) => `${firstRung}, degraded: ${degraded}`)
  return [
    lone('cold require of dist/main.cjs', {
      ...{ values: required.map(({ requireMs }) => requireMs), unit: 'ms' },
      quality: {
        cpu_ms: median(required.map(({ cpuMs }) => cpuMs)),
        rss_mb: median(required.map(({ rssMb }) => rssMb)),
        cores: existsSync(taskset) ? 1 : 'all, as there is no taskset',
      },
    }),
    lone('start of the process to the first recommendations', {
      ...{ values: cold.map(({ firstMs }) => firstMs), unit: 'ms' },
      quality: {
        loaded_ms: median(cold.map(({ loadedMs }) => loadedMs)),
        cpu_ms: median(cold.map(({ firstCpuMs }) => firstCpuMs)),
        first_list: [...new Set(rungs)].join('; '),
        goal: 'under 1500 ms',
      },
    }),
    lone('start of the process to a personal list', {
      ...{ values: cold.map(({ personalMs }) => personalMs), unit: 'ms' },
    }),
  ]
}

async function inTurn<T>(run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let index = 0; index < runs; index++) results.push(await run(index))
  return results
}

/** As Flex Consumption has it: HTTP functions have instances of their own. */
function offAllButHttp({ host }: LocalStack): Record<string, string> {
  const others = host.functions.filter(({ type }) => type !== 'http')
  return Object.fromEntries(others.map(({ name }) => [`AzureWebJobs.${name}.Disabled`, 'true']))
}

async function coldRequire(appDir: string, { settings }: LocalStack): Promise<z.infer<typeof Required>> {
  const script = fileURLToPath(new URL('./cold-require.cjs', import.meta.url))
  const [command, ...args] = onOneCore([process.execPath, script, join(appDir, 'dist/main.cjs')])
  const { stdout } = await promisify(execFile)(command, args, { env: settings })
  return Required.parse(JSON.parse(stdout))
}

async function coldHost(of: ColdStart): Promise<ColdFigures> {
  const script = fileURLToPath(new URL('./cold-host.ts', import.meta.url))
  const [command, ...args] = onOneCore([process.execPath, '--disable-warning=ExperimentalWarning', script])
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.send(of)
  const [figures] = await Promise.race([once(child, 'message'), failed(child)])
  return ColdFigures.parse(figures)
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`bench/cold-host.ts ended with exit code ${code}`)
}

const taskset = '/usr/bin/taskset'

/** All that a command starts stays on that core. */
function onOneCore(command: [string, ...string[]]): [string, ...string[]] {
  return existsSync(taskset) ? [taskset, '-c', '0', ...command] : command
}
