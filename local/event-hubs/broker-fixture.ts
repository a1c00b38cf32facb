import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type EventHubs, type EventHubsOptions, startEventHubs } from './broker.ts'

export const hubs = [{ name: 'interactions', partitions: 2, consumerGroups: ['$Default'] }]

export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'event-hubs-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

/** A broker with an empty store, gone when the test ends. */
export async function temporaryBroker(options: Partial<EventHubsOptions> = {}): Promise<EventHubs> {
  const broker = await startEventHubs({
    port: 0,
    stateDir: options.stateDir ?? (await temporaryDir()),
    hubs,
    ...options,
  })
  onTestFinished(() => broker.close())
  return broker
}
