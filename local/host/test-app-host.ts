import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import { type HostEvent, type HostOptions, type RunningHost, startHost } from './host.ts'

export interface TestAppHost extends RunningHost {
  events: HostEvent[]
  stateDir: string
  settings: Record<string, string>
  pidOf(group: string): number
  /** Of all processes of the group, those that end included. */
  pidsOf(group: string): number[]
  /** What the functions of the test app wrote down under a name, in order. */
  records<Value>(name: string): Promise<(Value & { at: number; pid: number })[]>
  /** Waits until something holds, for at most `ms`. */
  until(check: () => unknown, ms?: number): Promise<void>
}

export const testAppDir = fileURLToPath(new URL('./test-app/', import.meta.url))

/** Starts the test app on a free port with a state folder of its own, or a given one. */
export async function startTestApp(
  settings: Record<string, string> = {},
  options: Partial<HostOptions> = {},
): Promise<TestAppHost> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'host-state-')))
  const events: HostEvent[] = []
  const withoutTriggers = { 'AzureWebJobs.work.Disabled': 'true', 'AzureWebJobs.tick.Disabled': 'true' }
  const allSettings = {
    TEST_RECORDS: stateDir,
    ...(settings.AzureWebJobsStorage ? {} : withoutTriggers),
    ...settings,
  }
  const host = await startHost({
    appDir: testAppDir,
    stateDir,
    port: 0,
    quiet: true,
    onEvent: event => events.push(event),
    settings: allSettings,
    ...options,
    // Functions listen from the start, unless scaling is what is tested.
    scale: { toZero: false, ...options.scale },
  })
  return {
    ...host,
    events,
    stateDir,
    settings: allSettings,
    pidOf: group => {
      const worker = host.workers().find(one => one.group === group)
      if (worker === undefined) throw new Error(`No worker of group "${group}" is running`)
      return worker.pid
    },
    pidsOf: group => host.workers().flatMap(worker => (worker.group === group ? [worker.pid] : [])),
    records: async name => {
      const text = await readFile(join(stateDir, `${name}.jsonl`), 'utf8').catch(() => '')
      return text
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line))
    },
    until: async (check, ms = 10_000) => {
      await vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: ms, interval: 25 })
    },
    drain: async () => {
      await host.drain()
      if (options.stateDir === undefined) await rm(stateDir, { recursive: true, force: true })
    },
  }
}
