import type { Container, Database, OperationInput, SqlParameter } from '@azure/cosmos'
import { z } from 'zod'
import type { Change, ConditionalWrite, DocumentKey, Documents, QueryConditions, Versioned } from '../../ports.ts'
import type { Collection } from '../../schemas/collections.ts'
import { type BulkResult, bulk, bulkOperation } from './bulk.ts'
import type { cosmosMeter } from './cosmos-meter.ts'
import type { Identity } from './identities.ts'
import { once } from './once.ts'
import { RequestGate } from './request-gate.ts'

/** Documents in Cosmos DB for NoSQL. Throttled requests (429) are waited for and repeated by the SDK. */
export function cosmosDocuments(of: {
  endpoint: string
  /** What opens the account as of now: its key, or an identity. */
  opener: () => string | Identity
  database: string
  meter?: ReturnType<typeof cosmosMeter>
}): Documents {
  // Loaded when first used: a timer's process that waits for its hour does not pay for the SDK.
  const opened = (opener: string | Identity) =>
    once(async () => {
      const { CosmosClient } = await import('@azure/cosmos')
      const client = new CosmosClient({
        ...{ endpoint: of.endpoint, connectionPolicy: { requestTimeout: 10_000 } },
        ...(typeof opener === 'string' ? { key: opener } : { aadCredentials: await opener() }),
        ...(of.meter ? { plugins: [of.meter] } : {}),
      })
      return client.database(of.database)
    })
  let current: { opener: string | Identity; database: () => Promise<Database> } | undefined
  // A key that was changed opens a client of its own; requests under way end with the one before.
  const database = (): Promise<Database> => {
    const opener = of.opener()
    if (current?.opener !== opener) current = { opener, database: opened(opener) }
    return current.database()
  }
  const gates = new Map<string, RequestGate>()
  const gate = (container: string): RequestGate => {
    const made = gates.get(container) ?? new RequestGate(Date.now, ms => new Promise(done => setTimeout(done, ms)))
    gates.set(container, made)
    return made
  }
  return new CosmosDocuments(database, gate)
}

/** What the SDK throws for an answer that is no success. */
const ErrorResponse = z.object({ code: z.number(), headers: z.record(z.string(), z.unknown()).optional() })

class CosmosDocuments implements Documents {
  readonly #database: () => Promise<Database>
  /** Of a container's bulk requests: one for all who write to it. */
  readonly #gate: (container: string) => RequestGate
  #requestUnits = 0

  constructor(database: () => Promise<Database>, gate: (container: string) => RequestGate) {
    this.#database = database
    this.#gate = gate
  }

  get requestUnits(): number {
    return this.#requestUnits
  }

  metered(): Documents {
    return new CosmosDocuments(this.#database, this.#gate)
  }

  async read<T>(collection: Collection<T>, { id, partition }: DocumentKey): Promise<Versioned<T> | undefined> {
    const { resource, etag, requestCharge, statusCode } = await (await this.#container(collection))
      .item(id, partition)
      .read()
    this.#requestUnits += requestCharge
    if (statusCode === 404 || resource === undefined) return undefined
    return { document: parsed(resource, collection), etag }
  }

  async create<T>(collection: Collection<T>, document: NoInfer<T>): Promise<{ etag: string } | undefined> {
    const { items } = await this.#container(collection)
    return this.#unless(409, () => items.create(withId(document)))
  }

  async upsert<T>(collection: Collection<T>, document: NoInfer<T>): Promise<{ etag: string }> {
    const { items } = await this.#container(collection)
    return this.#charged(await items.upsert(withId(document)))
  }

  async replace<T>(
    collection: Collection<T>,
    document: NoInfer<T>,
    etag: string,
  ): Promise<{ etag: string } | undefined> {
    const { id, partition } = collection.key(document)
    const accessCondition = { type: 'IfMatch', condition: etag }
    const item = (await this.#container(collection)).item(id, partition)
    return this.#unless([412, 404], () => item.replace(withId(document), { accessCondition }))
  }

  async remove<T>(collection: Collection<T>, { id, partition }: DocumentKey, etag?: string): Promise<boolean> {
    const options = etag === undefined ? {} : { accessCondition: { type: 'IfMatch', condition: etag } }
    const item = (await this.#container(collection)).item(id, partition)
    return (await this.#unless([412, 404], () => item.delete(options))) !== undefined
  }

  async readAll<T>(collection: Collection<T>, keys: readonly DocumentKey[]): Promise<(Versioned<T> | undefined)[]> {
    const operations = keys.map(({ id, partition }) => bulkOperation.read(id, partition))
    return (await this.#bulk(collection, operations)).map(({ status, etag = '', resource }) => {
      if (status === 404) return undefined
      if (status >= 300) throw new Error(`Cosmos answered ${status} to a bulk read in ${collection.container}`)
      return { document: parsed(resource, collection), etag }
    })
  }

  async writeAll<T>(
    collection: Collection<T>,
    writes: readonly ConditionalWrite<NoInfer<T>>[],
  ): Promise<({ etag: string } | undefined)[]> {
    const operations = writes.map(({ document, etag }) => {
      const { partition } = collection.key(document)
      const body = withId(document)
      return etag === undefined ? bulkOperation.create(body, partition) : bulkOperation.replace(body, partition, etag)
    })
    return (await this.#bulk(collection, operations, { bodies: false })).map(({ status, etag = '' }) => {
      if (status < 300) return { etag }
      if (status === 409 || status === 412 || status === 404) return undefined
      throw new Error(`Cosmos answered ${status} to a bulk write in ${collection.container}`)
    })
  }

  async *query<T>(collection: Collection<T>, conditions: QueryConditions<T>): AsyncIterable<T[]> {
    const { partition, limit } = conditions
    const query = sql(conditions)
    const { items } = await this.#container(collection)
    const pages = items.query<unknown>(query, {
      ...(partition === undefined ? {} : { partitionKey: partition }),
      maxItemCount: Math.min(limit ?? 1000, 1000),
    })
    for await (const { resources, requestCharge } of pages.getAsyncIterator()) {
      this.#requestUnits += requestCharge
      if (resources.length > 0) yield resources.map(resource => parsed(resource, collection))
    }
  }

  async *changes<T>(collection: Collection<T>, sinceSeconds: number): AsyncIterable<Change[]> {
    const { items } = await this.#container(collection)
    const query = `SELECT c.id, c.${collection.partitionedBy} AS part, c._etag, c._ts FROM c WHERE c._ts >= @since`
    const pages = items.query<unknown>(
      { query, parameters: [{ name: '@since', value: sinceSeconds }] },
      { maxItemCount: 1000, maxDegreeOfParallelism: -1 },
    )
    for await (const { resources, requestCharge } of pages.getAsyncIterator()) {
      this.#requestUnits += requestCharge
      if (resources.length > 0) yield resources.map(changeOf)
    }
  }

  async #bulk<T>(
    collection: Collection<T>,
    operations: readonly OperationInput[],
    { bodies = true } = {},
  ): Promise<BulkResult[]> {
    const gate = this.#gate(collection.container)
    const charge = (requestUnits: number) => {
      this.#requestUnits += requestUnits
    }
    return bulk(await this.#container(collection), operations, { gate, charge, bodies })
  }

  async #container<T>({ container }: Collection<T>): Promise<Container> {
    return (await this.#database()).container(container)
  }

  #charged({ etag, requestCharge }: { etag: string; requestCharge: number }): { etag: string } {
    this.#requestUnits += requestCharge
    return { etag }
  }

  /** A refused condition is an answer, not an error; its request units are spent all the same. */
  async #unless(
    refused: number | readonly number[],
    write: () => Promise<{ etag: string; requestCharge: number }>,
  ): Promise<{ etag: string } | undefined> {
    try {
      return this.#charged(await write())
    } catch (cause) {
      const response = ErrorResponse.safeParse(cause)
      if (!response.success || ![refused].flat().includes(response.data.code)) throw cause
      this.#requestUnits += Number(response.data.headers?.['x-ms-request-charge'] ?? 0)
      return undefined
    }
  }
}

const Changed = z.object({ id: z.string(), part: z.string(), _etag: z.string(), _ts: z.int() })

function changeOf(resource: unknown): Change {
  const { id, part: partition, _etag: etag, _ts: second } = Changed.parse(resource)
  return { key: { id, partition }, etag, second }
}

function sql<T>(conditions: QueryConditions<T>): {
  query: string
  parameters: SqlParameter[]
} {
  const { equal = {}, changedSinceSeconds, newestBy, inOrderOf, after, limit } = conditions
  const parameters: SqlParameter[] = []
  const where: string[] = []
  for (const [field, value] of Object.entries(equal)) {
    if (value === undefined) continue
    where.push(`c.${field} = @${field}`)
    parameters.push({ name: `@${field}`, value: value as string | number | boolean })
  }
  if (changedSinceSeconds !== undefined) {
    where.push('c._ts >= @changedSince')
    parameters.push({ name: '@changedSince', value: changedSinceSeconds })
  }
  if (inOrderOf !== undefined && after !== undefined) {
    where.push(`c.${inOrderOf} > @after`)
    parameters.push({ name: '@after', value: after })
  }
  const query = [
    `SELECT * FROM c`,
    ...(where.length > 0 ? [`WHERE ${where.join(' AND ')}`] : []),
    ...(newestBy === undefined ? [] : [`ORDER BY c.${newestBy} DESC`]),
    ...(inOrderOf === undefined ? [] : [`ORDER BY c.${inOrderOf} ASC`]),
    ...(limit === undefined ? [] : [`OFFSET 0 LIMIT ${limit}`]),
  ]
  return { query: query.join(' '), parameters }
}

/** A document as it was written: what Cosmos adds is no part of it, and a schema may refuse what it does not know. */
function parsed<T>(resource: unknown, { schema }: Collection<T>): T {
  const { _rid, _self, _etag, _attachments, _ts, ...written } = resource as Readonly<Record<string, unknown>>
  return schema.parse(written)
}

/** The SDK asks for an object with an id; what is stored comes from schemas that have one. */
function withId<T>(document: T): T & { id: string } {
  return document as T & { id: string }
}
