import {
  EventHubConsumerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type SubscriptionEventHandlers,
} from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import type { Invoker } from '../app/invoker.ts'
import type { HostConfig } from '../settings/host-json.ts'
import { ownerId } from '../storage/owner-id.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { EventHubPlan } from '../workers/messages.ts'
import type { TriggerListener } from '../workers/trigger-listener.ts'
import { type PartitionBatches, partitionBatches } from './event-hub-batches.ts'
import { manualData, manualMetadata } from './manual-event.ts'
import { abandonOwnerships, checkpointAt, watchOwners } from './ownership.ts'

interface EventHubListenerOptions {
  plan: EventHubPlan
  storage: string
  hostRun: string
  /** Number of this process among those of the function. */
  instance: number
  config: HostConfig['eventHubs']
  invoker: Pick<Invoker, 'invoke'>
  log(line: LogLine): void
}

/** Where the ownerships and checkpoints of all event hub functions lie. */
export const checkpointContainer = 'azure-webjobs-eventhub'
// How long a receive waits for a first event before it is asked anew: only then it notices that the broker has gone.
const receiveSeconds = 1

class PartitionLost extends Error {}

/**
 * Consumes an event hub with the real client; ownership and checkpoints are blobs, as on Azure. The client's receivers have
 * owner level 0: of two on one partition the later one wins.
 */
export async function listenEventHub(options: EventHubListenerOptions): Promise<TriggerListener> {
  const { plan, config, hostRun, instance, invoker } = options
  const containerClient = new ContainerClient(options.storage, checkpointContainer)
  await containerClient.createIfNotExists()
  const identifier = ownerId({ hostRun, functionName: plan.name, instance })
  const partitions = new Map<string, PartitionBatches>()
  const blobs = new BlobCheckpointStore(containerClient)
  const store = watchOwners(blobs, identifier, partitionId => partitions.get(partitionId)?.lose())
  const client = new EventHubConsumerClient(plan.consumerGroup, plan.connection, plan.eventHubName, store, {
    identifier,
    loadBalancingOptions: {
      strategy: 'greedy',
      updateIntervalInMs: config.loadBalancingUpdateMs,
      partitionOwnershipExpirationIntervalInMs: config.ownershipExpirationMs,
    },
    // A broker that restarts is looked for again at once and for as long as it takes.
    retryOptions: { maxRetries: 1_000_000, retryDelayInMs: 250, timeoutInMs: 10_000 },
  })
  const consumers = { ...plan, fullyQualifiedNamespace: client.fullyQualifiedNamespace }
  await abandonOwnerships(store, consumers, identifier)

  const stopping = new AbortController()
  const closed = Promise.withResolvers<void>()
  const handlers: SubscriptionEventHandlers = {
    processInitialize: async ({ partitionId }) => {
      // A partition lost and claimed again may still run a batch of before: one partition never runs two at a time.
      const before = partitions.get(partitionId)?.close() ?? Promise.resolve()
      const at = config.minEventBatchSize > 1 ? await checkpointAt(containerClient, consumers, partitionId) : undefined
      partitions.set(partitionId, partitionBatches({ ...options, stopping: stopping.signal, checkpointAt: at, before }))
    },
    processEvents: async (events, partition) => {
      // What is received once the listener stops is left to the next; reading on would be for nothing.
      if (stopping.signal.aborted) return closed.promise
      const batches = partitions.get(partition.partitionId)
      await batches?.receive(events, partition)
      // An error is what ends receiving here; a client that went on would keep the partition from being started again.
      if (batches?.isLost() !== false) throw new PartitionLost(`Partition ${partition.partitionId} is lost`)
    },
    processClose: async (reason, { partitionId }) => {
      if (reason === 'OwnershipLost') partitions.get(partitionId)?.lose()
    },
    processError: async (error, { partitionId }) => {
      if (stopping.signal.aborted || error instanceof PartitionLost) return
      const message = `Event hub "${plan.eventHubName}" partition ${partitionId}: ${error.message}`
      options.log({ level: 'warning', category: 'system', functionName: plan.name, message })
    },
  }
  const subscription = client.subscribe(handlers, {
    startPosition: startPosition(config.initialOffset),
    maxBatchSize: config.maxEventBatchSize,
    maxWaitTimeInSeconds: receiveSeconds,
    prefetchCount: Math.max(config.prefetchCount, config.maxEventBatchSize),
    trackLastEnqueuedEventProperties: config.trackLastEnqueuedEventProperties,
    skipParsingBodyAsJson: true,
  })
  return {
    trigger: (input = '') => {
      const names = { functionName: plan.name, bindingName: plan.bindingName }
      void invoker.invoke({ ...names, data: manualData(input, plan), triggerMetadata: manualMetadata() })
    },
    stop: async () => stopping.abort(),
    close: async () => {
      await Promise.all(Array.from(partitions.values(), batches => batches.close()))
      closed.resolve()
      await subscription.close()
      await client.close()
    },
  }
}

function startPosition({ type, enqueuedTimeUtc }: HostConfig['eventHubs']['initialOffset']): EventPosition {
  if (type === 'fromEnd') return latestEventPosition
  if (type === 'fromStart') return earliestEventPosition
  if (enqueuedTimeUtc === undefined) {
    throw new Error('initialOffsetOptions.enqueuedTimeUtc must be set in host.json as its type is "fromEnqueuedTime"')
  }
  return { enqueuedOn: Date.parse(enqueuedTimeUtc) }
}
