import { createHash } from 'node:crypto'
import {
  type CheckpointStore,
  EventHubConsumerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
} from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import type { Invoker } from '../app/invoker.ts'
import type { Listener } from '../http/http-listener.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { EventHubPlan } from '../workers/messages.ts'
import { type PartitionBatches, partitionBatches } from './event-hub-batches.ts'

interface EventHubListenerOptions {
  plan: EventHubPlan
  storage: string
  hostId: string
  config: HostConfig['eventHubs']
  invoker: Pick<Invoker, 'invoke'>
  log(line: LogLine): void
}

const container = 'azure-webjobs-eventhub'
// Azure takes 30 s and 2 min; on one machine a partition must not lie idle that long behind a dead process.
const loadBalancing = {
  strategy: 'greedy',
  updateIntervalInMs: 1_500,
  partitionOwnershipExpirationIntervalInMs: 5_000,
} as const
const secondsToFillBatch = 1

/** Consumes an event hub with the real client; ownership and checkpoints are blobs, as on Azure. */
export async function listenEventHub(options: EventHubListenerOptions): Promise<Listener> {
  const { plan, storage, config, log } = options
  const containerClient = new ContainerClient(storage, container)
  await containerClient.createIfNotExists()
  const store = new BlobCheckpointStore(containerClient)
  const client = new EventHubConsumerClient(plan.consumerGroup, plan.connection, plan.eventHubName, store, {
    identifier: ownerId(options),
    loadBalancingOptions: loadBalancing,
    // A broker that restarts is looked for again at once and for as long as it takes.
    retryOptions: { maxRetries: 1_000_000, retryDelayInMs: 250, timeoutInMs: 10_000 },
  })
  await abandonOwnOwnerships(store, client, options)

  const stopping = new AbortController()
  const batches = new Map<string, PartitionBatches>()
  const underWay = new Map<string, Promise<void>>()
  const warn = (message: string) => log({ level: 'warning', category: 'system', functionName: plan.name, message })
  const subscription = client.subscribe(
    {
      processInitialize: async ({ partitionId }) => {
        batches.set(partitionId, partitionBatches({ ...options, stopping: stopping.signal }))
      },
      processEvents: async (events, partition) => {
        if (stopping.signal.aborted) return
        // A partition lost and claimed again may still run a batch of before: one partition never runs two at a time.
        const before = underWay.get(partition.partitionId) ?? Promise.resolve()
        const done = before.then(() => batches.get(partition.partitionId)?.receive(events, partition))
        underWay.set(partition.partitionId, done)
        await done
      },
      processError: async (error, { partitionId }) => {
        if (!stopping.signal.aborted)
          warn(`Event hub "${plan.eventHubName}" partition ${partitionId}: ${error.message}`)
      },
    },
    {
      startPosition: startPosition(config.initialOffset),
      maxBatchSize: config.maxEventBatchSize,
      maxWaitTimeInSeconds:
        config.minEventBatchSize > 1
          ? Math.min(secondsToFillBatch, config.maxWaitMs / 1000)
          : Math.max(1, config.maxWaitMs / 1000),
      prefetchCount: Math.max(config.prefetchCount, config.maxEventBatchSize),
      skipParsingBodyAsJson: true,
    },
  )
  return {
    stop: async () => stopping.abort(),
    close: async () => {
      await Promise.allSettled(underWay.values())
      await subscription.close()
      await client.close()
    },
  }
}

/** The same in every life of this worker, so that a restart recognises the partitions its former self held. */
function ownerId({ hostId, plan }: EventHubListenerOptions): string {
  return `${plan.name}-${createHash('sha256').update(`${hostId}/${plan.name}/0`).digest('hex').slice(0, 16)}`
}

async function abandonOwnOwnerships(
  store: CheckpointStore,
  client: EventHubConsumerClient,
  options: EventHubListenerOptions,
): Promise<void> {
  const { fullyQualifiedNamespace, eventHubName } = client
  const ownerships = await store.listOwnership(fullyQualifiedNamespace, eventHubName, options.plan.consumerGroup)
  const id = ownerId(options)
  const own = ownerships.filter(({ ownerId: owner }) => owner === id)
  if (own.length > 0) await store.claimOwnership(own.map(ownership => ({ ...ownership, ownerId: '' })))
}

function startPosition({ type, enqueuedTimeUtc }: HostConfig['eventHubs']['initialOffset']): EventPosition {
  if (type === 'fromEnd') return latestEventPosition
  if (type === 'fromStart') return earliestEventPosition
  if (enqueuedTimeUtc === undefined) {
    throw new Error('initialOffsetOptions.enqueuedTimeUtc must be set in host.json as its type is "fromEnqueuedTime"')
  }
  return { enqueuedOn: Date.parse(enqueuedTimeUtc) }
}
