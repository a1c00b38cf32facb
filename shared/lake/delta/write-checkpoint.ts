import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ports } from '../../ports.ts'
import type { Action } from './actions.ts'
import { checkpointPath, lastCheckpointPath } from './log-paths.ts'
import type { ReadLog } from './read-log.ts'
import { retentionMs } from './retention.ts'
import { literal } from './table-schema.ts'

const texts = 'MAP(VARCHAR, VARCHAR)'
/** Source: PROTOCOL.md, "Checkpoint Schema". */
const columns: Readonly<Record<string, string>> = {
  protocol:
    'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
  metaData: `STRUCT(id VARCHAR, "name" VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options ${texts}), schemaString VARCHAR, partitionColumns VARCHAR[], configuration ${texts}, createdTime BIGINT)`,
  txn: 'STRUCT(appId VARCHAR, "version" BIGINT, lastUpdated BIGINT)',
  add: `STRUCT(path VARCHAR, partitionValues ${texts}, size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, tags ${texts})`,
  remove: `STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, partitionValues ${texts}, size BIGINT, tags ${texts})`,
}

/** Writes the state as a checkpoint of its version, and leaves word of it. Tombstones that nobody needs are left out. */
export async function writeCheckpoint(
  table: string,
  { version, state }: ReadLog,
  { blobs, sql, clock, uuid }: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>,
): Promise<void> {
  const { protocol, metadata, files, tombstones, transactions } = state
  if (!protocol || !metadata) throw new Error(`Cannot write checkpoint ${version} of ${table}: it is no table yet`)
  const keptSince = clock() - retentionMs(metadata, 'delta.deletedFileRetentionDuration')
  const removed = [...tombstones.values()].filter(({ deletionTimestamp }) => (deletionTimestamp ?? 0) > keptSince)
  const actions: Action[] = [
    ...[{ protocol }, { metaData: metadata }],
    ...[...transactions.values()].map(txn => ({ txn })),
    ...[...files.values()].map(add => ({ add: { ...add, dataChange: false } })),
    ...removed.map(remove => ({ remove: { ...remove, dataChange: false } })),
  ]
  await using session = await sql.open()
  const from = join(session.folder, `${uuid()}.json`)
  const to = join(session.folder, `${uuid()}.parquet`)
  await writeFile(from, actions.map(action => JSON.stringify(action)).join('\n'))
  const types = Object.entries(columns).map(([name, type]) => `${name}: ${literal(type)}`)
  await session.run(
    `copy (from read_json(${literal(from)}, format = 'newline_delimited', columns = {${types.join(', ')}})) to ${literal(to)} (format parquet, compression snappy)`,
  )
  await blobs.storeFile(checkpointPath(table, version), to)
  const word = { version, size: actions.length, numOfAddFiles: files.size }
  await blobs.write(lastCheckpointPath(table), Buffer.from(JSON.stringify(word)))
}
