import { commit } from './delta/commit.ts'
import { type DeltaPorts, readSnapshot } from './delta/snapshot.ts'
import { statisticsProperty, statisticsText } from './delta/statistics.ts'

/**
 * Has a table's own properties say how long its versions can be gone back to, so that whoever cleans it up, this app or
 * another, keeps what they need; and of which columns its log may tell bounds.
 * @throws ConflictError when another writer changed the table's columns or properties meanwhile
 */
export async function keepRetention(
  table: string,
  { days, statistics }: { days: number; statistics?: ReadonlySet<string> },
  ports: DeltaPorts,
): Promise<void> {
  const before = await readSnapshot(table, ports)
  if (!before) return
  const interval = `interval ${days} days`
  const properties = {
    ...{ 'delta.deletedFileRetentionDuration': interval, 'delta.logRetentionDuration': interval },
    ...(statistics ? { [statisticsProperty]: statisticsText(statistics) } : {}),
  }
  const configuration = { ...before.metadata.configuration, ...properties }
  if (JSON.stringify(configuration) === JSON.stringify(before.metadata.configuration)) return
  const change = {
    operation: 'SET TBLPROPERTIES',
    parameters: { properties: JSON.stringify(properties) },
    metadata: { ...before.metadata, configuration },
    reads: 'nothing',
  } as const
  await commit(table, before, change, ports)
}
