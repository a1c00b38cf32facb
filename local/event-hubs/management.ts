import { claimRequired } from './amqp-error.ts'
import type { Claims } from './claims.ts'
import { type Entity, findEntity } from './entity-path.ts'
import type { Hub, Partition } from './partition.ts'
import type { Reply } from './request-node.ts'
import { amqpTypes, type Request } from './rhea.ts'

const stringCode = 0xa1

interface ManagementContext {
  hubs: Map<string, Hub>
  claims: Claims
  now: () => number
}

/** Answers a READ of a hub's or a partition's properties, to whoever holds any right on the hub. */
export function readProperties(request: Request, { hubs, claims, now }: ManagementContext): Reply {
  const { operation, type, name, partition } = request.application_properties ?? {}
  if (operation !== 'READ') return { status: 501, description: `Only READ is offered: operation is ${operation}` }
  const path = String(name).toLowerCase()
  if (!claims.allow(`${path}/$management`, ['Listen', 'Send'], now())) {
    return { status: 401, ...claimRequired('Listen', path) }
  }
  const isPartition = type === 'com.microsoft:partition'
  const entity = findEntity(hubs, isPartition ? `${path}/partitions/${partition}` : path)
  if ('condition' in entity) return { status: entity.condition === 'amqp:not-found' ? 404 : 400, ...entity }
  if (!isPartition && type !== 'com.microsoft:eventhub') {
    return { status: 400, description: `The type must be com.microsoft:eventhub or com.microsoft:partition: ${type}` }
  }
  return { status: 200, description: 'OK', body: propertiesOf(entity, now()) }
}

function propertiesOf({ hub, partition }: Entity, nowMs: number): unknown {
  return partition === undefined ? hubProperties(hub) : partitionProperties(partition, nowMs)
}

function hubProperties(hub: Hub): unknown {
  const ids = hub.partitions.map(({ id }) => id)
  return {
    name: hub.name,
    type: 'com.microsoft:eventhub',
    created_at: amqpTypes.wrap_timestamp(hub.createdMs),
    partition_count: amqpTypes.wrap_int(ids.length),
    // Clients read an AMQP array here, not a list.
    partition_ids: amqpTypes.wrap_array(ids, stringCode, undefined),
  }
}

function partitionProperties({ hub, id, beginSequence, nextSequence, last }: Partition, nowMs: number): unknown {
  return {
    name: hub,
    type: 'com.microsoft:partition',
    partition: id,
    begin_sequence_number: amqpTypes.wrap_long(beginSequence),
    last_enqueued_sequence_number: amqpTypes.wrap_long(last.sequence),
    last_enqueued_offset: String(last.offset),
    last_enqueued_time_utc: amqpTypes.wrap_timestamp(last.enqueuedMs),
    runtime_info_retrieval_time_utc: amqpTypes.wrap_timestamp(nowMs),
    is_partition_empty: beginSequence === nextSequence,
  }
}
