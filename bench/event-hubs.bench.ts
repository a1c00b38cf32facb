import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventHubConsumerClient, EventHubProducerClient, type EventPosition } from '@azure/event-hubs'
import { resources } from '../local/resources.ts'
import { startServerProcess } from '../local/server-process.ts'
import { processCpuMs } from './process-cpu.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { fourDigits } from './spread.ts'

const eventsPerBatch = 100
const bytesPerEvent = 250
const senders = 8
const eventsPerRun = 20_000
const runs = 10
const warmUps = 1
const goal = '15,000 events/s'

interface Clients {
  producers: EventHubProducerClient[]
  consumer: EventHubConsumerClient
  partitionIds: string[]
  brokerPid: number
}

/** Events in, out, and both at once, through the real SDK on one connection a sender; the broker is a child process. */
export const eventHubsBench: Bench = async step => {
  const stateDir = await mkdtemp(join(tmpdir(), 'event-hubs-bench-'))
  const broker = await startServerProcess('event-hubs', { port: 0, stateDir })
  const hub = resources.eventHubs[0]?.name ?? ''
  const connectionString = broker.settings.EventHubConnection ?? ''
  const producers = Array.from({ length: senders }, () => new EventHubProducerClient(connectionString, hub))
  const consumer = new EventHubConsumerClient('$Default', connectionString, hub)
  try {
    const partitionIds = await consumer.getPartitionIds()
    const clients = { producers, consumer, partitionIds, brokerPid: broker.pid }
    return [
      await timed('in', clients, () => send(clients), step),
      await timed('out, from the start, a receiver for each partition', clients, () => read(clients), step),
      await timed('in and out at once', clients, () => sendAndRead(clients), step),
    ]
  } finally {
    await Promise.all([...producers, consumer].map(client => client.close()))
    await broker.close()
    await rm(stateDir, { recursive: true })
  }
}

/** Events a second over the runs, and what share of one core the client and the broker took for them. */
async function timed(
  what: string,
  { brokerPid }: Clients,
  work: () => Promise<void>,
  step: (text: string) => void,
): Promise<BenchResult> {
  const name = `${what}: batches of ${eventsPerBatch} x ${bytesPerEvent} bytes`
  step(name)
  for (let run = 0; run < warmUps; run++) await work()
  const values: number[] = []
  const [clientBefore, brokerBefore] = [processCpuMs(process.pid), processCpuMs(brokerPid)]
  let seconds = 0
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    await work()
    const took = (performance.now() - started) / 1_000
    seconds += took
    values.push(eventsPerRun / took)
  }
  const share = (before: number, pid: number) => fourDigits((processCpuMs(pid) - before) / 1000 / seconds)
  return lone(name, {
    values,
    unit: 'events/s',
    quality: { client_cores: share(clientBefore, process.pid), broker_cores: share(brokerBefore, brokerPid), goal },
  })
}

/** Sends one run's events, the senders each a batch at a time, to the partitions in turn. */
async function send({ producers, partitionIds }: Clients): Promise<void> {
  const body = Buffer.alloc(bytesPerEvent, 'x')
  let batches = eventsPerRun / eventsPerBatch
  await Promise.all(
    producers.map(async producer => {
      while (batches-- > 0) {
        const partitionId = partitionIds[batches % partitionIds.length] ?? ''
        const batch = await producer.createBatch({ partitionId })
        for (let i = 0; i < eventsPerBatch; i++) batch.tryAdd({ body })
        await producer.sendBatch(batch)
      }
    }),
  )
}

/** Receives one run's events, of every partition as many, from the start. */
function read(clients: Clients): Promise<void> {
  return receive(clients, () => ({ offset: '-1' }))
}

async function sendAndRead(clients: Clients): Promise<void> {
  const { consumer, partitionIds } = clients
  const ends = new Map<string, number>()
  for (const id of partitionIds) ends.set(id, (await consumer.getPartitionProperties(id)).lastEnqueuedSequenceNumber)
  await Promise.all([receive(clients, id => ({ sequenceNumber: ends.get(id) ?? -1 })), send(clients)])
}

async function receive({ consumer, partitionIds }: Clients, from: (id: string) => EventPosition): Promise<void> {
  const perPartition = eventsPerRun / partitionIds.length
  const subscriptions = partitionIds.map(id => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let received = 0
    const subscription = consumer.subscribe(
      id,
      {
        async processEvents(events) {
          received += events.length
          if (received >= perPartition) resolve()
        },
        async processError(error) {
          reject(error)
        },
      },
      { startPosition: from(id), maxBatchSize: 1_000, prefetchCount: 4_000, skipParsingBodyAsJson: true },
    )
    return promise.finally(() => subscription.close())
  })
  await Promise.all(subscriptions)
}
