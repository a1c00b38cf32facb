import type { PartitionKeyText } from '../containers/partition-key.ts'
import { CosmosError } from '../errors.ts'
import type { JsonObject, Value } from '../json.ts'
import { boundary, effectivePartitionKey, type Hashing } from './effective-partition-key.ts'
import type { EpkRange, Partition } from './partition.ts'

const FIRST = ''
const LAST = 'FF'

/** The physical partitions of one container, in the order of their ranges. */
export class Partitions {
  readonly all: readonly Partition[]
  readonly hashing: Hashing
  #last: { key: PartitionKeyText; partition: Partition } | undefined

  constructor(partitions: readonly Partition[], hashing: Hashing) {
    this.all = partitions
    this.hashing = hashing
  }

  /** The partition that holds a partition key; of a hierarchical key also its first values alone. */
  of(key: PartitionKeyText): Partition {
    // One operation asks for its key several times.
    if (this.#last?.key === key) return this.#last.partition
    const partition = this.at(this.epk(key))
    this.#last = { key, partition }
    return partition
  }

  at(epk: string): Partition {
    const found = this.all.find(({ range }) => epk < range.max)
    if (!found) throw new RangeError(`No partition holds the effective partition key '${epk}'`)
    return found
  }

  /** @throws CosmosError 410 with the substatus that makes an SDK read the ranges again */
  byId(id: string): Partition {
    const found = this.all.find(partition => partition.id === id)
    if (!found) throw new CosmosError(410, `The partition key range '${id}' is gone.`, 1002)
    return found
  }

  after(partition: Partition): Partition | undefined {
    return this.all[partition.index + 1]
  }

  epk(key: PartitionKeyText): string {
    return effectivePartitionKey(JSON.parse(key), this.hashing)
  }

  /** The keys that begin with the given values: a single one unless the container's key has more paths. */
  rangeOf(values: readonly Value[]): EpkRange {
    const min = effectivePartitionKey(values, this.hashing)
    return { min, max: min + LAST }
  }
}

/** Splits all keys into equal ranges. */
export function evenRanges(count: number, hashing: Hashing): EpkRange[] {
  const starts = Array.from({ length: count }, (_, at) => (at === 0 ? FIRST : boundary(at / count, hashing)))
  return starts.map((min, at) => ({ min, max: starts[at + 1] ?? LAST }))
}

/** The hash of a partition key definition: without a version it is the first. */
export function hashingOf(partitionKey: JsonObject): Hashing {
  if (partitionKey.kind === 'MultiHash') return 'multi'
  return partitionKey.version === 2 ? 'v2' : 'v1'
}
