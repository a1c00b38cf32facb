import type { Container } from '../containers/container.ts'
import { type PartitionKeyText, type PartitionScope, partitionScope } from '../containers/partition-key.ts'
import { badRequest, CosmosError } from '../errors.ts'
import type { Call } from '../http.ts'
import type { EpkRange, Partition } from './partition.ts'

/** What a request is addressed to: a partition, and of it perhaps only one key, keys of one beginning, or a part of its range. */
export interface ReadScope {
  partition: Partition
  keys?: PartitionScope | undefined
  epk?: EpkRange | undefined
}

/**
 * The scope that the headers of a request name; undefined when they leave it to the service.
 * @throws CosmosError 410 with substatus 1002 for a range that is not there any more
 */
export function readScope(call: Call, container: Container): ReadScope | undefined {
  const { partitions, paths } = container
  const key = call.header('x-ms-documentdb-partitionkey')
  const range = rangeId(call)
  const named = range === undefined ? undefined : partitions.byId(range)
  if (key !== undefined) {
    const keys = partitionScope(key, paths)
    const partition = partitions.of(keys.key)
    if (named && named !== partition) throw gone(`'${named.id}' does not hold the partition key ${key}`)
    return { partition, keys }
  }
  const epk = epkRange(call)
  if (!named && epk) throw badRequest('x-ms-start-epk and x-ms-end-epk need x-ms-documentdb-partitionkeyrangeid.')
  if (!named) return undefined
  if (epk && (epk.min < named.range.min || epk.max > named.range.max)) {
    throw gone(`'${named.id}' does not hold all of ${epk.min} to ${epk.max}`)
  }
  return { partition: named, epk }
}

/** Refuses an operation on a key of another partition than the one its request is addressed to. */
export function checkHolds(scope: ReadScope | undefined, holder: Partition): void {
  if (scope && scope.partition !== holder) throw gone(`'${scope.partition.id}' does not hold the key of the operation`)
}

/** Whether an item's key lies in a part of the range of its partition. */
export function isWithin(epk: EpkRange | undefined, item: { pk: PartitionKeyText }, container: Container): boolean {
  if (!epk) return true
  const place = container.partitions.epk(item.pk)
  return place >= epk.min && place < epk.max
}

// Clients may write the container's resource id before it.
function rangeId(call: Call): string | undefined {
  return call.header('x-ms-documentdb-partitionkeyrangeid')?.split(',').at(-1)
}

function epkRange(call: Call): EpkRange | undefined {
  const [min, max] = [call.header('x-ms-start-epk'), call.header('x-ms-end-epk')]
  if (min === undefined && max === undefined) return undefined
  if (min !== undefined && max !== undefined && min < max) return { min, max }
  throw badRequest(`The range of effective partition keys from '${min}' to '${max}' is invalid.`)
}

function gone(what: string): CosmosError {
  return new CosmosError(410, `The partition key range ${what}.`, 1002)
}
