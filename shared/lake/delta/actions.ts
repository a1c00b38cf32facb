import { z } from 'zod'

// The actions of the Delta transaction log, as far as tables without deletion vectors and column mapping have them.
// Source: github.com/delta-io/delta/blob/master/PROTOCOL.md, section "Actions".

const texts = z.record(z.string(), z.string().nullable())

export const Protocol = z.object({
  minReaderVersion: z.int(),
  minWriterVersion: z.int(),
  readerFeatures: z.array(z.string()).nullish(),
  writerFeatures: z.array(z.string()).nullish(),
})
export type Protocol = z.infer<typeof Protocol>

export const Metadata = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  format: z.object({ provider: z.literal('parquet'), options: texts.nullish() }),
  /** JSON of a struct type: `tableSchema` reads it. */
  schemaString: z.string(),
  partitionColumns: z.array(z.string()),
  configuration: texts.nullish(),
  /** Milliseconds since 1970. */
  createdTime: z.number().nullish(),
})
export type Metadata = z.infer<typeof Metadata>

/** A data file that is part of the table. */
export const Add = z.object({
  /** Relative to the table, percent-encoded as a URI. */
  path: z.string(),
  partitionValues: texts,
  size: z.number(),
  /** Milliseconds since 1970. */
  modificationTime: z.number(),
  dataChange: z.boolean(),
  /** JSON: `Statistics`. */
  stats: z.string().nullish(),
  tags: texts.nullish(),
  deletionVector: z.null().optional(),
})
export type Add = z.infer<typeof Add>

/** A data file that is part of the table no longer; it stays in the store for as long as time travel may want it. */
export const Remove = z.object({
  path: z.string(),
  deletionTimestamp: z.number().nullish(),
  dataChange: z.boolean(),
  extendedFileMetadata: z.boolean().nullish(),
  partitionValues: texts.nullish(),
  size: z.number().nullish(),
  tags: texts.nullish(),
  deletionVector: z.null().optional(),
})
export type Remove = z.infer<typeof Remove>

/** How far an application has come, so that it does nothing twice. */
export const Transaction = z.object({ appId: z.string(), version: z.number(), lastUpdated: z.number().nullish() })
export type Transaction = z.infer<typeof Transaction>

export const CommitInfo = z.looseObject({ timestamp: z.number().optional(), operation: z.string().optional() })
export type CommitInfo = z.infer<typeof CommitInfo>

/** One line of a commit: exactly one of these, or an action that does not concern readers. */
export const Action = z.object({
  protocol: Protocol.optional(),
  metaData: Metadata.optional(),
  add: Add.optional(),
  remove: Remove.optional(),
  txn: Transaction.optional(),
  commitInfo: CommitInfo.optional(),
})
export type Action = z.infer<typeof Action>

/** Statistics of one data file. Source: PROTOCOL.md, "Per-file Statistics". */
export const Statistics = z.object({
  numRecords: z.number(),
  minValues: z.record(z.string(), z.unknown()).optional(),
  maxValues: z.record(z.string(), z.unknown()).optional(),
  nullCount: z.record(z.string(), z.unknown()).optional(),
})
export type Statistics = z.infer<typeof Statistics>
