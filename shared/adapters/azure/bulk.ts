import type { Container, OperationInput } from '@azure/cosmos'

/** Cosmos takes at most 100 operations in one bulk request per physical partition. */
const operationsPerRequest = 100
const requestsAtOnce = 4
const throttledTriesMax = 20

export interface BulkResult {
  status: number
  etag: string | undefined
  resource: unknown
}

/**
 * Runs operations in few requests, each with a status of its own; throttled ones (429) are repeated after a pause.
 * `items.bulk` and not its successor `executeBulkOperations`, which sleeps for a second in every call.
 * @throws Error when operations are still throttled after many pauses
 */
export async function bulk(
  container: Container,
  operations: readonly OperationInput[],
  charge: (requestUnits: number) => void,
): Promise<BulkResult[]> {
  const results: BulkResult[] = new Array(operations.length)
  const starts = Array.from({ length: Math.ceil(operations.length / operationsPerRequest) }, (_, n) => n).values()
  const worker = async () => {
    for (const n of starts) {
      const start = n * operationsPerRequest
      const found = await untilTaken(container, operations.slice(start, start + operationsPerRequest), charge)
      for (const [index, result] of found.entries()) results[start + index] = result
    }
  }
  await Promise.all(Array.from({ length: requestsAtOnce }, worker))
  return results
}

async function untilTaken(
  container: Container,
  operations: readonly OperationInput[],
  charge: (requestUnits: number) => void,
): Promise<BulkResult[]> {
  const results: BulkResult[] = new Array(operations.length)
  let waiting = operations.map((operation, index) => ({ operation, index }))
  for (let tries = 1; waiting.length > 0; tries++) {
    if (tries > throttledTriesMax)
      throw new Error(`Cosmos throttled ${waiting.length} operations ${tries} times in a row`)
    const answers = await container.items.bulk(
      waiting.map(({ operation }) => operation),
      { continueOnError: true },
    )
    const throttled: typeof waiting = []
    let pauseMs = 0
    for (const [place, { operation, index }] of waiting.entries()) {
      const answer = answers[place]
      if (!answer) throw new Error('Cosmos answered fewer operations of a bulk request than it was sent')
      charge(answer.requestCharge)
      if (answer.statusCode === 429) {
        throttled.push({ operation, index })
        pauseMs = Math.max(pauseMs, 50 * 2 ** Math.min(tries, 6))
        continue
      }
      results[index] = { status: answer.statusCode, etag: answer.eTag, resource: answer.resourceBody }
    }
    waiting = throttled
    if (waiting.length > 0) await new Promise(resolve => setTimeout(resolve, pauseMs))
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
