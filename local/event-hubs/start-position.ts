import { type AmqpError, argumentError } from './amqp-error.ts'
import type { EventLog } from './event-log.ts'
import type { Partition } from './partition.ts'

const filterForm =
  /^\s*amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*'?(@latest|-?\d+)'?\s*$/

/**
 * The first sequence number a receiver with this selector filter is sent; without a filter, the oldest one kept.
 * A position past the end of the partition is refused, as Event Hubs does: it belongs to another hub.
 */
export function startSequence(filter: string | undefined, partition: Partition, log: EventLog): number | AmqpError {
  if (filter === undefined) return partition.beginSequence
  const [, field, comparison, value] = filterForm.exec(filter) ?? []
  if (field === undefined || value === undefined) {
    return argumentError(`The filter "${filter}" is not a position by offset, sequence number or enqueued time.`)
  }
  if (value === '@latest') return field === 'offset' ? partition.nextSequence : invalid(field, value, -1)
  const past = comparison === '>=' ? Number(value) - 1 : Number(value)
  if (field === 'enqueued-time') return log.firstAfter(partition, 'enqueuedMs', past)
  const { last } = partition
  if (field === 'offset') {
    return Number(value) > last.offset
      ? invalid('offset', value, last.offset)
      : log.firstAfter(partition, 'offset', past)
  }
  if (Number(value) > last.sequence) return invalid('sequence number', value, last.sequence)
  return Math.max(past + 1, partition.beginSequence)
}

function invalid(field: string, value: string, last: number): AmqpError {
  return argumentError(`The supplied ${field} '${value}' is invalid. The last ${field} in the system is '${last}'`)
}
