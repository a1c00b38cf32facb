import type { Container } from '../containers/container.ts'
import { completePartitionKey } from '../containers/partition-key.ts'
import { withinThroughput } from '../containers/within-throughput.ts'
import { badRequest, CosmosError } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import { isObject, type Json } from '../json.ts'
import { checkHolds, type ReadScope, readScope } from '../partitions/read-scope.ts'
import type { Store } from '../store.ts'
import {
  createItem,
  deleteItem,
  type ItemAddress,
  type ItemResult,
  patchItem,
  readItem,
  replaceItem,
  upsertItem,
} from './item-writes.ts'

const MAX_OPERATIONS = 100
const MAX_BATCH_BYTES = 2 * 1024 * 1024

interface OperationResult {
  statusCode: number
  requestCharge: number
  subStatusCode?: number
  eTag?: string
  message?: string
  retryAfterMilliseconds?: number
  /** The document as text, as it stands in the answer. */
  body?: string | undefined
}

/** Up to 100 operations: all or nothing within one partition key, or each for itself (bulk). */
export async function batch(call: Call, store: Store, container: Container): Promise<Reply> {
  if (Buffer.byteLength(call.body) > MAX_BATCH_BYTES) {
    throw new CosmosError(413, `Request size is too large: a batch takes at most ${MAX_BATCH_BYTES} bytes.`)
  }
  const operations = jsonBody(call)
  if (!Array.isArray(operations) || operations.length === 0) throw badRequest('A batch must be an array of operations.')
  if (operations.length > MAX_OPERATIONS) {
    throw badRequest(
      `Batch request has more operations than what is supported: ${operations.length} > ${MAX_OPERATIONS}.`,
    )
  }
  const atomic = call.header('x-ms-cosmos-batch-atomic')?.toLowerCase() === 'true'
  const scope = readScope(call, container)
  const { results, charge } = await store.commits.write(() =>
    atomic ? allOrNothing(call, store, container, operations) : eachForItself(call, { container, scope }, operations),
  )
  const failed = results.some(result => result.statusCode >= 400)
  const minimal = call.header('prefer') === 'return=minimal'
  return {
    status: failed ? 207 : 200,
    charge,
    body: `[${results.map(result => resultText(result, { minimal })).join(',')}]`,
    container,
    partition: scope?.partition,
    headers: { 'x-ms-item-count': results.length },
  }
}

class BatchFailure extends Error {
  readonly results: OperationResult[]

  constructor(results: OperationResult[]) {
    super('An operation of the batch failed')
    this.results = results
  }
}

interface BatchResult {
  results: OperationResult[]
  charge: number
}

/** @throws CosmosError 429 for the whole batch when the throughput of its partition is spent */
function allOrNothing(call: Call, store: Store, container: Container, operations: Json[]): BatchResult {
  const pk = completePartitionKey(call.header('x-ms-documentdb-partitionkey'), container.paths)
  return withinThroughput(container, pk, () => charged(atomicResults(store, container, operations, pk)))
}

function charged(results: OperationResult[]): BatchResult {
  const charge = results.reduce((sum, result) => sum + result.requestCharge, 0)
  return { results, charge: Math.round(charge * 100) / 100 }
}

function atomicResults(store: Store, container: Container, operations: Json[], pk: string): OperationResult[] {
  try {
    return store.commits.atomically(() => {
      const results: OperationResult[] = []
      for (const [at, operation] of operations.entries()) {
        const result = perform(() => apply(container, operation, pk))
        if (result.statusCode >= 400) {
          throw new BatchFailure(
            operations.map((_, other) => (other === at ? result : { statusCode: 424, requestCharge: 0 })),
          )
        }
        results.push(result)
      }
      return results
    })
  } catch (error) {
    if (error instanceof BatchFailure) return error.results
    throw error
  }
}

function eachForItself(call: Call, { container, scope }: Target, operations: Json[]): BatchResult {
  const goOn = call.header('x-ms-cosmos-batch-continue-on-error')?.toLowerCase() !== 'false'
  let stopped = false
  const results = operations.map(operation => {
    if (stopped) return { statusCode: 424, requestCharge: 0 }
    const result = perform(() => {
      const pk = ownKey(container, operation) ?? completePartitionKey(undefined, container.paths)
      checkHolds(scope, container.partitions.of(pk))
      return withinThroughput(container, pk, () => apply(container, operation, pk))
    })
    if (result.statusCode >= 400 && !goOn) stopped = true
    return result
  })
  return charged(results)
}

/** Where operations go: into a container, those of a bulk request into one partition of it. */
interface Target {
  container: Container
  scope?: ReadScope | undefined
}

function perform(operation: () => ItemResult): OperationResult {
  try {
    return operationResult(operation())
  } catch (error) {
    if (!(error instanceof CosmosError)) throw error
    return {
      statusCode: error.status,
      requestCharge: error.charge,
      message: error.message,
      ...(error.substatus !== 0 && { subStatusCode: error.substatus }),
      ...(error.retryAfterMs !== undefined && { retryAfterMilliseconds: error.retryAfterMs }),
    }
  }
}

function ownKey(container: Container, operation: Json): string | undefined {
  const own = isObject(operation) ? operation.partitionKey : undefined
  return own === undefined ? undefined : completePartitionKey(String(own), container.paths)
}

function apply(container: Container, operation: Json, pk: string): ItemResult {
  if (!isObject(operation)) throw badRequest('An operation of a batch must be an object.')
  const { resourceBody = null } = operation
  if ((ownKey(container, operation) ?? pk) !== pk) {
    throw badRequest('The partition key of an operation does not match the one of its batch.')
  }
  const address: ItemAddress = {
    container,
    pk,
    id: typeof operation.id === 'string' ? operation.id : '',
    ifMatch: typeof operation.ifMatch === 'string' ? operation.ifMatch : undefined,
    ifNoneMatch: typeof operation.ifNoneMatch === 'string' ? operation.ifNoneMatch : undefined,
  }
  switch (operation.operationType) {
    case 'Create':
      return createItem(address, resourceBody)
    case 'Upsert':
      return upsertItem(address, resourceBody)
    case 'Replace':
      return replaceItem(address, resourceBody)
    case 'Patch':
      return patchItem(address, resourceBody)
    case 'Read':
      return readItem(address)
    case 'Delete':
      return deleteItem(address)
    default:
      throw badRequest(`The operationType '${String(operation.operationType)}' is unknown.`)
  }
}

function operationResult(result: ItemResult): OperationResult {
  const { status, charge, etag, body } = result
  return { statusCode: status, requestCharge: charge, eTag: etag, body }
}

/** Documents are stored as the text they are answered as. */
function resultText({ body, ...result }: OperationResult, { minimal }: { minimal: boolean }): string {
  const text = JSON.stringify(result)
  return minimal || body === undefined ? text : `${text.slice(0, -1)},"resourceBody":${body}}`
}
