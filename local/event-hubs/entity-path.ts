import { type AmqpError, entityNotFound, unknownPartition } from './amqp-error.ts'
import type { Hub, Partition } from './partition.ts'

/** What a link's address names; a producer may leave the partition to the hub, a consumer may not. */
export interface Entity {
  hub: Hub
  consumerGroup: string | undefined
  partition: Partition | undefined
}

/** The path of an address or audience: lower case, without scheme and host. */
export function entityPath(address: string): string {
  return address
    .toLowerCase()
    .replace(/^[a-z]+:\/\/[^/]*\/?/, '')
    .replace(/^\/|\/$/g, '')
}

/** The host of an address or audience in lower case, with its port where it has one; empty when it has none. */
export function hostOf(address: string): string {
  return /^[a-z]+:\/\/([^/]*)/.exec(address.toLowerCase())?.[1] ?? ''
}

/** `hub`, `hub/Partitions/0` or `hub/ConsumerGroups/group/Partitions/0`; otherwise the error Event Hubs gives. */
export function findEntity(hubs: Map<string, Hub>, path: string): Entity | AmqpError {
  const parts = /^([^/]+)(?:\/consumergroups\/([^/]+))?(?:\/partitions\/([^/]+))?$/.exec(path)
  const hub = hubs.get(parts?.[1] ?? '')
  if (hub === undefined) return entityNotFound(path)
  const consumerGroup = parts?.[2]
  if (consumerGroup !== undefined && !hub.consumerGroups.has(consumerGroup)) return entityNotFound(path)
  const partitionId = parts?.[3]
  const partition = hub.partitions.find(({ id }) => id === partitionId)
  if (partitionId !== undefined && partition === undefined) return unknownPartition(hub.partitions.length)
  return { hub, consumerGroup, partition }
}
