import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventHubProducerClient } from '@azure/event-hubs'
import { anyPort } from '../ports.ts'
import { resources } from '../resources.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { ResumingConsumer } from './resuming-consumer.ts'

export interface DurabilityCount {
  rounds: number
  acknowledged: number
  /** Acknowledged events that were never received. */
  lost: number
  /** Sequence numbers that were skipped, and events whose offset does not grow. */
  gaps: number
}

type Send = (producer: EventHubProducerClient, ids: string[]) => Promise<void>

/** How events are sent, and how many at once. */
const ways: readonly { events: number; send: Send }[] = [
  { events: 1, send: (producer, ids) => producer.sendBatch(eventsOf(ids)) },
  { events: 1, send: (producer, ids) => producer.sendBatch(eventsOf(ids), { partitionKey: ids[0] ?? '' }) },
  { events: 5, send: (producer, ids) => producer.sendBatch(eventsOf(ids), { partitionId: '0' }) },
  {
    events: 20,
    async send(producer, ids) {
      const batch = await producer.createBatch({ partitionKey: ids[0] ?? '' })
      for (const event of eventsOf(ids)) batch.tryAdd(event)
      await producer.sendBatch(batch)
    },
  },
]
const sendersPerWay = 3
const [hub] = resources.eventHubs

/**
 * Kills the broker with kill -9 under load, once a round, and starts it again on the same port and state. Producers send
 * single events, batches and by key; one consumer reads all the while and resumes by itself. In the end every
 * acknowledged event must have been received.
 */
export async function eventHubsDurability(options: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}): Promise<DurabilityCount> {
  if (hub === undefined) throw new Error('infra/resources.json names no hub')
  const stateDir = await mkdtemp(join(tmpdir(), 'event-hubs-kill-'))
  const port = await anyPort()
  const acknowledged = new Set<string>()
  let broker = await startServerProcess('event-hubs', { port, stateDir })
  const connectionString = broker.settings.EventHubConnection ?? ''
  const consumer = new ResumingConsumer(connectionString, hub.name)
  const count = (rounds: number, lost: number) => ({
    ...{ rounds, acknowledged: acknowledged.size, lost, gaps: consumer.gaps },
  })
  try {
    for (let round = 1; round <= options.rounds; round++) {
      // Kills fall on different moments: soon after the start, and deep in the load.
      await killUnderLoad(broker, { connectionString, consumer, round, acknowledged, enough: 60 + 170 * (round % 4) })
      broker = await startServerProcess('event-hubs', { port, stateDir })
      options.onRound?.(count(round, 0))
    }
    await consumer.reachesEnd()
    return count(options.rounds, [...acknowledged].filter(id => !consumer.received.has(id)).length)
  } finally {
    await consumer.close()
    await broker.close()
    await rm(stateDir, { recursive: true })
  }
}

interface Load {
  connectionString: string
  consumer: ResumingConsumer
  round: number
  acknowledged: Set<string>
  /** Acknowledgements after which the broker is killed. */
  enough: number
}

/**
 * Keeps sends of every way in flight until enough are acknowledged and the consumer is back at every partition, and
 * kills the broker in the midst of them: a link that is being opened just then takes the client a minute to give up.
 */
async function killUnderLoad(broker: ServerProcess, load: Load): Promise<void> {
  const { connectionString, consumer, round, acknowledged, enough } = load
  consumer.listenAnew()
  const producer = new EventHubProducerClient(connectionString, hub?.name ?? '', { retryOptions: { maxRetries: 0 } })
  const before = acknowledged.size
  let [gone, killed, sent] = [false, false, 0]
  const ended = broker.ended.then(() => {
    gone = true
    return false
  })
  const keepSending = async ({ events, send }: (typeof ways)[number]) => {
    while (!gone) {
      const ids = Array.from({ length: events }, () => `${round}-${sent++}`)
      const sending = send(producer, ids).then(
        () => true,
        () => false,
      )
      // A send may fail while the broker lives, on a connection that was lost in the round before: then it was not accepted.
      if (!(await Promise.race([sending, ended]))) continue
      for (const id of ids) acknowledged.add(id)
      if (killed || acknowledged.size - before < enough || !consumer.hasHeard(hub?.partitions ?? 0)) continue
      killed = true
      process.kill(broker.pid, 'SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: sendersPerWay }, () => ways.map(keepSending)).flat())
  await producer.close()
}

function eventsOf(ids: string[]) {
  return ids.map(body => ({ body }))
}
