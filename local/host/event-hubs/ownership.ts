import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs'
import type { ContainerClient } from '@azure/storage-blob'

/** The event hub and consumer group whose partitions are shared out. */
export interface Consumers {
  fullyQualifiedNamespace: string
  eventHubName: string
  consumerGroup: string
}

/**
 * The store as it is, but telling of every partition that the list of owners shows in other hands: the client itself notices
 * only at its next receive, which may come after a long run of the function.
 */
export function watchOwners(
  store: CheckpointStore,
  ownerId: string,
  onLost: (partitionId: string) => void,
): CheckpointStore {
  return {
    claimOwnership: (...args) => store.claimOwnership(...args),
    updateCheckpoint: (...args) => store.updateCheckpoint(...args),
    listCheckpoints: (...args) => store.listCheckpoints(...args),
    listOwnership: async (...args) => {
      const ownerships = await store.listOwnership(...args)
      for (const { partitionId, ownerId: owner } of ownerships) if (owner !== ownerId) onLost(partitionId)
      return ownerships
    },
  }
}

/** Gives up what a former life of this owner held, so that the partitions are free at once. */
export async function abandonOwnerships(store: CheckpointStore, consumers: Consumers, ownerId: string): Promise<void> {
  const { fullyQualifiedNamespace, eventHubName, consumerGroup } = consumers
  const ownerships = await store.listOwnership(fullyQualifiedNamespace, eventHubName, consumerGroup)
  const own = ownerships.filter(({ ownerId: owner }) => owner === ownerId)
  if (own.length > 0) await store.claimOwnership(own.map((one): PartitionOwnership => ({ ...one, ownerId: '' })))
}

/** When the checkpoint of a partition was last written; undefined without one. */
export async function checkpointAt(
  container: ContainerClient,
  { fullyQualifiedNamespace, eventHubName, consumerGroup }: Consumers,
  partitionId: string,
): Promise<Date | undefined> {
  const names = [fullyQualifiedNamespace, eventHubName, consumerGroup, 'checkpoint'].map(name => name.toLowerCase())
  const blob = container.getBlobClient([...names, partitionId].join('/'))
  if (!(await blob.exists())) return undefined
  return (await blob.getProperties()).lastModified
}
