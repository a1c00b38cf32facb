import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { EventHubProducerClient } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import { type Azurite, startAzurite } from '../azurite/azurite.ts'
import { type EventHubs, startEventHubs } from '../event-hubs/broker.ts'
import { checkpointContainer } from './event-hubs/event-hub-listener.ts'
import { handledRecords } from './handled-records.ts'
import { storageQueue } from './queues/storage-queue.ts'
import { parseStorageConnection } from './storage/storage-account.ts'

export interface HostDurability {
  rounds: number
  /** Messages and events that the queue and the hub have taken. */
  acknowledged: number
  /** Those of them that no function has finished, after everything had the time to. */
  lost: number
  /** Events behind a checkpoint, looked at after each kill, that no function had finished. */
  gaps: number
}

interface Surroundings {
  azurite: Azurite
  broker: EventHubs
  stateDir: string
}

const partitions = 4
const hub = 'events'
/** What is handled in a round before the kill; as much again, at least, is under way by then. */
const handledBeforeKill = 60
const roundMsMax = 60_000
/** Not more is taken than hosts that are killed all the time get done. */
const aheadMax = 400
const pollMs = 20

/**
 * Kills a whole host, supervisor and workers, with kill -9 in the middle of queue messages and events, `rounds` times; a
 * last host has the time to finish what is left. Queue and hub go on taking while there is no host.
 */
export async function hostDurability({
  rounds,
  onRound,
}: {
  rounds: number
  onRound?: (round: HostDurability) => void
}): Promise<HostDurability> {
  const stateDir = await mkdtemp(join(tmpdir(), 'host-durability-'))
  const azurite = await startAzurite()
  const hubs = [{ name: hub, partitions, consumerGroups: ['$Default'] }]
  const broker = await startEventHubs({ port: 0, stateDir: join(stateDir, 'broker'), hubs })
  const surroundings = { azurite, broker, stateDir }
  const handled = handledRecords(stateDir)
  const load = startLoad(surroundings, async () => (await handled.read()).size)
  const result = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  try {
    for (let round = 1; round <= rounds; round++) {
      const host = await startHostProcess(surroundings)
      const before = (await handled.read()).size
      await until(async () => (await handled.read()).size >= before + handledBeforeKill)
      await kill(host)
      result.rounds = round
      result.acknowledged = load.acknowledged.size
      result.gaps += gaps(await checkpoints(surroundings), await handled.read())
      onRound?.({ ...result })
    }
    await load.stop()
    const host = await startHostProcess(surroundings)
    const missing = async () => {
      const done = await handled.read()
      return [...load.acknowledged].filter(id => !done.has(id)).length
    }
    await untilStill(missing)
    await kill(host)
    return { ...result, acknowledged: load.acknowledged.size, lost: await missing() }
  } finally {
    await load.stop()
    await broker.close()
    await azurite.close()
    await rm(stateDir, { recursive: true, force: true })
  }
}

/**
 * Sends messages, and events to each partition one after another, and keeps the names of those that were taken; it waits for
 * the hosts when they are far behind.
 */
function startLoad({ azurite, broker }: Surroundings, handledCount: () => Promise<number>) {
  const acknowledged = new Set<string>()
  const stopping = new AbortController()
  const queue = storageQueue(parseStorageConnection(azurite.connectionString, 'AzureWebJobsStorage'), 'work')
  const producer = new EventHubProducerClient(broker.connectionString, hub)
  const repeat = async (send: (n: number) => Promise<string[]>) => {
    for (let n = 0; !stopping.signal.aborted; ) {
      if (acknowledged.size - (await handledCount()) < aheadMax) {
        for (const id of await send(n++)) acknowledged.add(id)
      }
      await delay(pollMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const message = async (n: number) => {
    await queue.send(Buffer.from(JSON.stringify({ id: `message/${n}`, waitMs: 100 })).toString('base64'))
    return [`message/${n}`]
  }
  const eventsOf = (partition: number) => async (n: number) => {
    const ids = [2 * n, 2 * n + 1].map(sequence => `${partition}/${sequence}`)
    await producer.sendBatch(
      ids.map(id => ({ body: { id, waitMs: 50 } })),
      { partitionId: String(partition) },
    )
    return ids
  }
  const sending = [
    repeat(message),
    ...Array.from({ length: partitions }, (_, partition) => repeat(eventsOf(partition))),
  ]
  return {
    acknowledged,
    stop: async () => {
      stopping.abort()
      await Promise.all(sending)
      await producer.close()
    },
  }
}

/** Starts a host in a process group of its own; resolves when it listens. */
async function startHostProcess({ azurite, broker, stateDir }: Surroundings): Promise<ChildProcess> {
  const settings = {
    AzureWebJobsStorage: azurite.connectionString,
    HUB_CONNECTION: broker.connectionString,
    TEST_RECORDS: stateDir,
    WORK_QUEUE: 'work',
    TICK_SCHEDULE: '0 0 0 1 1 *',
    'AzureWebJobs.single.Disabled': 'true',
    // A message that met five kills would go to the poison queue, as on Azure: kept, but not handled.
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '1000',
  }
  const options = {
    ...{ appDir: fileURLToPath(new URL('./test-app/', import.meta.url)), stateDir: join(stateDir, 'host'), port: 0 },
    ...{ quiet: true, queueVisibilityMs: 2_000, scale: { maxInstances: 2, pollMs: 100, quietMs: 1_000 }, settings },
  }
  const script = `
    import { startHost } from ${JSON.stringify(new URL('./host.ts', import.meta.url).href)}
    await startHost(${JSON.stringify(options)})
    console.log('ready')`
  const host = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  if (host.stdout === null) throw new Error('The host has no output')
  await Promise.race([
    once(host.stdout, 'data'),
    once(host, 'exit').then(([code]) => Promise.reject(new Error(`The host ended with exit code ${code}`))),
  ])
  return host
}

/** The workers are in the group of their supervisor: all end at the same instant. */
async function kill(host: ChildProcess): Promise<void> {
  if (host.pid === undefined) throw new Error('The host has no process')
  const ended = once(host, 'exit')
  process.kill(-host.pid, 'SIGKILL')
  await ended
}

/** The last sequence number behind each partition's checkpoint. */
async function checkpoints({ azurite, broker }: Surroundings): Promise<Map<string, number>> {
  const client = new EventHubProducerClient(broker.connectionString, hub)
  const store = new BlobCheckpointStore(new ContainerClient(azurite.connectionString, checkpointContainer))
  const all = await store.listCheckpoints(client.fullyQualifiedNamespace, hub, '$Default')
  await client.close()
  return new Map(all.map(({ partitionId, sequenceNumber }) => [partitionId, sequenceNumber]))
}

/** Events are sent one after another, so that the number in a name is the sequence number. */
function gaps(behind: ReadonlyMap<string, number>, handled: ReadonlySet<string>): number {
  return [...behind]
    .flatMap(([partition, last]) => Array.from({ length: last + 1 }, (_, sequence) => `${partition}/${sequence}`))
    .filter(id => !handled.has(id)).length
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + roundMsMax
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`The host did not get on within ${roundMsMax} ms`)
    await delay(pollMs)
  }
}

/** Waits until nothing is missing, or nothing more has come for a minute. */
async function untilStill(missing: () => Promise<number>): Promise<void> {
  let left = await missing()
  let since = Date.now()
  while (left > 0 && Date.now() - since < roundMsMax) {
    await delay(pollMs)
    const now = await missing()
    if (now < left) since = Date.now()
    left = now
  }
}
