import type { Action, Metadata, Protocol, Remove, Transaction } from './actions.ts'
import { checkWritable } from './features.ts'
import { tableSchema } from './table-schema.ts'

interface Contest {
  change: {
    remove?: readonly Remove[]
    transactions?: readonly Transaction[]
    reads: 'nothing' | 'table'
  }
  /** The table as the change takes it to be. */
  metadata: Metadata
  protocol: Protocol
  /** What another writer committed meanwhile. */
  winner: readonly Action[]
}

/**
 * Whether a change may go behind another writer's commit: what stands against it, and whether that commit made the table as
 * the change has it, so that the change's own header is to be left out.
 * @throws RangeError when the table now asks of its writers what this one cannot do
 */
export function checkRebase(
  table: string,
  { change, metadata, protocol, winner }: Contest,
): { conflict: string } | { isHeaderDone: boolean } {
  const mine = new Set(change.remove?.map(({ path }) => path))
  const applications = new Set(change.transactions?.map(({ appId }) => appId))
  let isHeaderDone = false
  for (const { protocol: raised, metaData, add, remove, txn } of winner) {
    if (raised && !isSame(raised, protocol)) return { conflict: 'changed its protocol' }
    if (metaData) {
      checkWritable(table, { protocol, metadata: metaData })
      if (!holds(metaData, metadata)) return { conflict: 'changed its columns' }
      isHeaderDone = true
    }
    if (txn && applications.has(txn.appId)) return { conflict: `moved ${txn.appId} on` }
    if (remove && (mine.has(remove.path) || (change.reads === 'table' && remove.dataChange))) {
      return { conflict: `removed ${remove.path}` }
    }
    if (add?.dataChange && change.reads === 'table') return { conflict: `added ${add.path}` }
  }
  return { isHeaderDone }
}

const isSame = (one: Protocol, other: Protocol): boolean =>
  one.minReaderVersion === other.minReaderVersion &&
  one.minWriterVersion === other.minWriterVersion &&
  JSON.stringify(one.writerFeatures ?? []) === JSON.stringify(other.writerFeatures ?? [])

/** Whether the table as it is now has each column of what it was taken for, of the same type. */
function holds(now: Metadata, taken: Metadata): boolean {
  const types = new Map(tableSchema(now).map(({ name, type }) => [name, JSON.stringify(type)]))
  const isPartitionedAlike = JSON.stringify(now.partitionColumns) === JSON.stringify(taken.partitionColumns)
  return isPartitionedAlike && tableSchema(taken).every(({ name, type }) => types.get(name) === JSON.stringify(type))
}
