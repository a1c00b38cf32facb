import type { Container, OperationInput } from '@azure/cosmos'
import { z } from 'zod'
import type { RequestGate } from './request-gate.ts'

/** Cosmos takes at most 100 operations in one bulk request per physical partition. */
const operationsPerRequest = 100
/** As often in a row all operations of a request may be throttled. */
const throttledTriesMax = 20

export interface BulkResult {
  status: number
  etag: string | undefined
  resource: unknown
}

interface BulkOptions {
  gate: RequestGate
  charge: (requestUnits: number) => void
  /** Whether the answer is to hold the documents; a writer knows them. */
  bodies: boolean
}

/** What the SDK passes on but does not type: how long a throttled operation is to wait. */
const Throttled = z.object({ retryAfterMilliseconds: z.number().positive().optional() })

/**
 * Runs operations in few requests, each with a status of its own; throttled ones (429) are repeated when Cosmos said they
 * may be. The gate says how many requests go at once.
 * `items.bulk` and not its successor `executeBulkOperations`, which sleeps for a second in every call.
 * @throws Error when operations are still throttled after many pauses
 */
export async function bulk(
  container: Container,
  operations: readonly OperationInput[],
  options: BulkOptions,
): Promise<BulkResult[]> {
  const parts: Promise<BulkResult[]>[] = []
  for (let start = 0; start < operations.length; start += operationsPerRequest) {
    const some = operations.slice(start, start + operationsPerRequest)
    parts.push(untilTaken(container, some, options))
  }
  return (await Promise.all(parts)).flat()
}

async function untilTaken(
  container: Container,
  operations: readonly OperationInput[],
  { gate, charge, bodies }: BulkOptions,
): Promise<BulkResult[]> {
  const results: BulkResult[] = new Array(operations.length)
  let waiting = operations.map((operation, index) => ({ operation, index }))
  for (let tries = 1; waiting.length > 0; tries++) {
    if (tries > throttledTriesMax)
      throw new Error(`Cosmos throttled ${waiting.length} operations ${throttledTriesMax} times in a row`)
    const throttled = await gate.pass(async () => {
      const answers = await container.items.bulk(
        waiting.map(({ operation }) => operation),
        { continueOnError: true },
        { contentResponseOnWriteEnabled: bodies },
      )
      const again: typeof waiting = []
      let refusedForMs = 0
      for (const [place, each] of waiting.entries()) {
        const answer = answers[place]
        if (!answer) throw new Error('Cosmos answered fewer operations of a bulk request than it was sent')
        charge(answer.requestCharge)
        if (answer.statusCode === 429) {
          again.push(each)
          const { retryAfterMilliseconds = 50 * 2 ** Math.min(tries, 6) } = Throttled.parse(answer)
          refusedForMs = Math.max(refusedForMs, retryAfterMilliseconds)
          continue
        }
        results[each.index] = { status: answer.statusCode, etag: answer.eTag, resource: answer.resourceBody }
      }
      return { answer: again, refusedForMs }
    })
    if (throttled.length < waiting.length) tries = 0
    waiting = throttled
  }
  return results
}

/** Operations by name: the SDK's own constants would load the SDK. */
export const bulkOperation = {
  read: (id: string, partitionKey: string): OperationInput => ({
    operationType: 'Read',
    id,
    partitionKey,
  }),
  create: (resourceBody: { id: string }, partitionKey: string): OperationInput => ({
    operationType: 'Create',
    // The SDK types a body as plain JSON values; a document is one by its schema.
    resourceBody: resourceBody as never,
    partitionKey,
  }),
  replace: (resourceBody: { id: string }, partitionKey: string, ifMatch: string): OperationInput => ({
    operationType: 'Replace',
    id: resourceBody.id,
    resourceBody: resourceBody as never,
    partitionKey,
    ifMatch,
  }),
}
