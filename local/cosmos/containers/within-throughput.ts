import { CosmosError } from '../errors.ts'
import type { Call, Reply } from '../http.ts'
import { readScope } from '../partitions/read-scope.ts'
import type { Container } from './container.ts'
import type { PartitionKeyText } from './partition-key.ts'

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
  const { id } = partitions.of(pk)
  const { length } = partitions.all
  cap.admit(id, length)
  try {
    const result = operation()
    cap.spend(id, length, result.charge)
    return result
  } catch (error) {
    if (error instanceof CosmosError) cap.spend(id, length, error.charge)
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
  const scope = readScope(call, container)
  const asked = scope === undefined ? partitions.all : [scope.partition]
  const { length } = partitions.all
  for (const { id } of asked) cap.admit(id, length)
  const pay = (charge: number): void => {
    for (const { id } of asked) cap.spend(id, length, charge / asked.length)
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
