import { CosmosError } from '../errors.ts'
import type { Call, Reply } from '../http.ts'
import type { Container } from './container.ts'
import { type PartitionKeyText, partitionScope } from './partition-key.ts'

/**
 * Does one operation, which must not wait for anything, within the throughput of the physical partition of its key.
 * @throws CosmosError 429 when the partition's second is spent; the operation is then not done
 */
export function withinThroughput<T extends { charge: number }>(
  container: Container,
  pk: PartitionKeyText,
  operation: () => T,
): T {
  const { cap, partitions } = container
  if (!cap) return operation()
  const partition = container.partitionOf(pk)
  cap.admit(partition, partitions.length)
  try {
    const result = operation()
    cap.spend(partition, partitions.length, result.charge)
    return result
  } catch (error) {
    if (error instanceof CosmosError) cap.spend(partition, partitions.length, error.charge)
    throw error
  }
}

/** Answers a query or a feed within the throughput of every physical partition it goes to; they pay equal parts. */
export async function feedWithinThroughput(
  call: Call,
  container: Container,
  answer: () => Promise<Reply>,
): Promise<Reply> {
  const { cap, partitions } = container
  if (!cap) return answer()
  const asked = askedPartitions(call, container)
  for (const partition of asked) cap.admit(partition, partitions.length)
  const pay = (charge: number): void => {
    for (const partition of asked) cap.spend(partition, partitions.length, charge / asked.length)
  }
  try {
    const reply = await answer()
    pay(reply.charge)
    return reply
  } catch (error) {
    if (error instanceof CosmosError) pay(error.charge)
    throw error
  }
}

function askedPartitions(call: Call, container: Container): readonly string[] {
  const range = call.header('x-ms-documentdb-partitionkeyrangeid')?.split(',').at(-1)
  if (range !== undefined && container.partitions.includes(range)) return [range]
  const header = call.header('x-ms-documentdb-partitionkey')
  if (header === undefined) return container.partitions
  const scope = partitionScope(header, container.paths)
  return scope.type === 'key' ? [container.partitionOf(scope.key)] : container.partitions
}
