import type { Container } from '../containers/container.ts'
import type { Reply } from '../http.ts'
import type { Partition } from './partition.ts'

/** The ranges of effective partition keys that the container's physical partitions hold. */
export function partitionKeyRanges(container: Container): Reply {
  const { all } = container.partitions
  const ranges = all.map(partition => rangeResource(container, partition, all.length))
  return {
    status: 200,
    charge: 1,
    body: JSON.stringify({ _rid: container.rid, PartitionKeyRanges: ranges, _count: ranges.length }),
    headers: { 'x-ms-item-count': ranges.length },
    etag: `"${all.length}"`,
  }
}

function rangeResource(container: Container, { id, index, range }: Partition, count: number) {
  return {
    _rid: container.rid,
    id,
    _etag: `"${container.number}-${id}"`,
    minInclusive: range.min,
    maxExclusive: range.max,
    ridPrefix: index,
    _self: `${container.rid}/pkranges/${id}/`,
    throughputFraction: 1 / count,
    status: 'online',
    parents: [],
    _ts: container.ts,
  }
}
