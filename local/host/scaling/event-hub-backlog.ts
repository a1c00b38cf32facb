import { type Checkpoint, EventHubConsumerClient, type PartitionProperties } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import type { EventHubPlan } from '../workers/messages.ts'

interface HubBacklog {
  unprocessed: number
  partitions: number
}

/**
 * Looks every `everyMs` how many events of a hub lie behind the checkpoints of a consumer group. It runs in a worker of
 * the hub's function, which has the client loaded: another process with it would cost 40 MB.
 */
export function watchEventHubBacklog(
  { plan, storage, container, everyMs }: { plan: EventHubPlan; storage: string; container: string; everyMs: number },
  tell: (backlog: HubBacklog) => void,
): { close(): Promise<void> } {
  const { consumerGroup, connection, eventHubName } = plan
  const client = new EventHubConsumerClient(consumerGroup, connection, eventHubName)
  const store = new BlobCheckpointStore(new ContainerClient(storage, container))
  let isClosed = false
  let looking = Promise.resolve()

  async function look(): Promise<void> {
    const ids = await client.getPartitionIds()
    const partitions = await Promise.all(ids.map(id => client.getPartitionProperties(id)))
    const checkpoints = await store.listCheckpoints(client.fullyQualifiedNamespace, client.eventHubName, consumerGroup)
    if (!isClosed) tell({ partitions: ids.length, unprocessed: unprocessedEvents(partitions, checkpoints) })
  }
  const timer = setInterval(() => {
    // A broker that is away has nothing told of it, and nothing is what the controller then does; the listener complains.
    looking = looking.then(() => (isClosed ? undefined : look().catch(() => undefined)))
  }, everyMs)
  return {
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await looking
      await client.close()
    },
  }
}

type Partition = Pick<
  PartitionProperties,
  'partitionId' | 'isEmpty' | 'beginningSequenceNumber' | 'lastEnqueuedSequenceNumber'
>

/** Events behind the checkpoints; in a partition without one, all it holds. */
export function unprocessedEvents(
  partitions: readonly Partition[],
  checkpoints: readonly Pick<Checkpoint, 'partitionId' | 'sequenceNumber'>[],
): number {
  const done = new Map(checkpoints.map(({ partitionId, sequenceNumber }) => [partitionId, sequenceNumber]))
  return partitions
    .map(({ partitionId, isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber }) =>
      isEmpty ? 0 : Math.max(0, lastEnqueuedSequenceNumber - (done.get(partitionId) ?? beginningSequenceNumber - 1)),
    )
    .reduce((sum, events) => sum + events, 0)
}
