import type { Collection } from './schemas/collections.ts'
import type { Identity, Shopper } from './schemas/identity.ts'
import type { CounterName, GaugeName, HistogramName, LabelsOf, LogEvent } from './schemas/telemetry.ts'

/** A document with the version to name in a conditional write. */
export interface Versioned<T> {
  document: T
  etag: string
}

/**
 * Documents with a partition key each: Cosmos DB, or memory. Reads parse what they find with the collection's schema.
 * No method retries a lost condition: the caller knows what a lost race means.
 */
export interface Documents {
  /** Request units spent through this object since it was made. */
  readonly requestUnits: number
  /** The same store with a meter of its own, from 0. */
  metered(): Documents
  read<T>(collection: Collection<T>, key: DocumentKey): Promise<Versioned<T> | undefined>
  /** Writes unless a document with this key exists: then undefined. */
  create<T>(collection: Collection<T>, document: NoInfer<T>): Promise<{ etag: string } | undefined>
  upsert<T>(collection: Collection<T>, document: NoInfer<T>): Promise<{ etag: string }>
  /** Writes only while the stored version is still `etag`; undefined when it is not, or the document is gone. */
  replace<T>(collection: Collection<T>, document: NoInfer<T>, etag: string): Promise<{ etag: string } | undefined>
  /** Removes the document; with an etag only while its version is still that. False when it did not: gone, or changed. */
  remove<T>(collection: Collection<T>, key: DocumentKey, etag?: string): Promise<boolean>
  /** Many reads in few requests, in the order of the keys. */
  readAll<T>(collection: Collection<T>, keys: readonly DocumentKey[]): Promise<(Versioned<T> | undefined)[]>
  /**
   * Many conditional writes in few requests, each on its own: without an etag it creates, with one it replaces.
   * Gives for each the new version, or undefined where its condition did not hold.
   */
  writeAll<T>(
    collection: Collection<T>,
    writes: readonly ConditionalWrite<NoInfer<T>>[],
  ): Promise<({ etag: string } | undefined)[]>
  /** Documents that match every given condition, page by page; without an order, in the store's own. */
  query<T>(collection: Collection<T>, conditions: QueryConditions<T>): AsyncIterable<T[]>
  /**
   * Keys and versions of what was written at or after that second, page by page; what was removed is not among them. Nothing
   * else of the documents is fetched.
   */
  changes<T>(collection: Collection<T>, sinceSeconds: number): AsyncIterable<Change[]>
}

/** That a document was written: its version then, and the second since 1970 as the store's clock has it. */
export interface Change {
  key: DocumentKey
  etag: string
  second: number
}

export interface ConditionalWrite<T> {
  document: T
  etag?: string | undefined
}

export interface DocumentKey {
  id: string
  partition: string
}

export interface QueryConditions<T> {
  /** Only this partition; without it, all of them. */
  partition?: string
  equal?: { readonly [Field in keyof T]?: string | number | boolean | undefined }
  /** Only documents written at or after this second since 1970, as the store's clock has it. */
  changedSinceSeconds?: number
  newestBy?: keyof T & string
  /** In order of a text, that of the store; and only what comes after a value of it. */
  inOrderOf?: keyof T & string
  after?: string | undefined
  limit?: number
}

/** Named bytes. A path is `container/name`, the name may hold further slashes. */
export interface Blobs {
  read(path: string): Promise<Uint8Array | undefined>
  /**
   * The `length` bytes from byte `offset` on; undefined when there is no such blob.
   * @throws RangeError when the blob ends before, or offset or length is no whole number ≥ 0
   */
  readRange(path: string, offset: number, length: number): Promise<Uint8Array | undefined>
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Writes unless the blob exists; tells whether it wrote. */
  create(path: string, bytes: Uint8Array): Promise<boolean>
  /** Adds text to the end of an append blob, which it makes when missing; one call is at most 4 MiB. */
  append(path: string, text: string): Promise<void>
  /** Removes the blob; one that is not there is no error. */
  remove(path: string): Promise<void>
  /** Blobs whose path begins with `prefix`, in order of name. */
  list(prefix: string): AsyncIterable<BlobEntry>
  /**
   * A local file with the blob's content, for engines that read files; undefined when there is no such blob. Without an
   * etag only for blobs that are written once: an earlier call's file may be given again. With one, only that content:
   * undefined once the blob has another. The file is the store's: read it, no more.
   */
  localFile(path: string, etag?: string): Promise<string | undefined>
  /** Writes a blob from a local file, which is the store's from then on: it may be moved. */
  storeFile(path: string, file: string): Promise<void>
}

export interface BlobEntry {
  path: string
  bytes: number
  /** Changes whenever the content does. */
  etag: string
  /** When the content was written last, by the store's clock, in milliseconds since 1970. */
  modifiedMs: number
}

/** Work to be done at least once, in any order. A message is at most 48 KiB of JSON. */
export interface Queue {
  send(queue: string, message: unknown): Promise<void>
}

/** The ordered log of events: Event Hubs. Records with one key keep their order. */
export interface EventLog {
  /** Resolves when every record is stored durably. */
  append(hub: string, records: readonly { key: string; body: unknown }[]): Promise<void>
}

/** Tables in files, by SQL: DuckDB, with its Parquet, JSON and ICU. The time zone is UTC. */
export interface Sql {
  /** A session of its own: what it makes is seen by no other, and is gone once it is closed. */
  open(): Promise<SqlSession>
}

export interface SqlSession extends AsyncDisposable {
  /** A folder for the session's own files; it goes with the session. */
  readonly folder: string
  /** Runs one statement or several. @throws SqlError naming the statement */
  run(statements: string): Promise<void>
  /**
   * The rows of a query. Whole numbers beyond 2^53 come as text, as decimals do; times as ISO 8601 in UTC with as many
   * digits as they have, at least milliseconds; absent is null.
   * @throws SqlError naming the statement
   */
  rows(query: string): Promise<SqlRow[]>
  /** The columns of a query part by part, in order: for results too large to be rows. */
  columns(query: string): AsyncIterable<SqlColumns>
}
export type SqlRow = Record<string, unknown>
/** Each column's values of one part, all of one length: numbers in typed arrays where none is absent. */
export type SqlColumns = Record<string, ArrayLike<unknown>>

/** Milliseconds since 1970. */
export type Clock = () => number

type Uuid = () => string

/** One record a stage: counts in and out, durations; no payloads, no user ids. */
export interface Log {
  info(record: LogRecord): void
  warn(record: LogRecord): void
  error(record: LogRecord): void
}
export type LogRecord = { readonly event?: LogEvent; readonly [field: string]: unknown }

/** What the app tells of itself besides its log: figures with labels of closed sets, and spans of W3C traces. */
export interface Telemetry {
  /** Adds to a counter, 1 unless told. */
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void
  /** Sets a gauge. */
  gauge<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void
  /** Adds a duration to a histogram. */
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, ms: number): void
  /**
   * Runs work as a span: a child of `parent` (a W3C traceparent), else of the span at hand, else the first of a trace. What is
   * logged meanwhile carries its ids. Source: W3C Trace Context, section 3.
   */
  span<T>(name: string, of: { parent?: string | undefined }, work: () => Promise<T>): Promise<T>
  /** The span at hand as a traceparent, to hand on with a message; undefined outside of all spans. */
  traceparent(): string | undefined
  /** All figures by now in Prometheus' text format, version 0.0.4. */
  exposition(): Promise<string>
}

/** A text without the secrets in it, for what is kept and may be read: errors of services name what they were opened by. */
export type Redact = (text: string) => string

/** sha256 of some text, in hexadecimal. */
export type Sha256 = (text: string) => string

/** Bearer tokens: those of the shop's Entra tenant, and those the shop gives its shoppers. */
export interface Tokens {
  /**
   * Who the token is of.
   * @throws AppError `unauthenticated` for a token that proves nothing, `unavailable` while that cannot be found out
   */
  verify(token: string): Promise<Identity>
  /** A token of a shopper's own, good for `seconds`. */
  signShopper(shopper: Omit<Shopper, 'kind'>, seconds: number): Promise<string>
}

export interface Ports {
  documents: Documents
  blobs: Blobs
  sql: Sql
  queue: Queue
  eventLog: EventLog
  clock: Clock
  uuid: Uuid
  sha256: Sha256
  tokens: Tokens
  log: Log
  telemetry: Telemetry
  redact: Redact
}
