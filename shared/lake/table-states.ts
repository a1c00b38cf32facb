import type { DeltaPorts } from './delta/snapshot.ts'
import { readSnapshot } from './delta/snapshot.ts'
import { rowsOf } from './delta/write-table.ts'
import { lakeTables } from './tables/lake-tables.ts'

/** A table as it is now. */
export interface TableState {
  table: string
  version: number
  /** ISO 8601, when the version was committed. */
  written_at: string
  rows: number
  files: number
  bytes: number
}

/** Every table that has been written, in the order of the layers. */
export async function tableStates(ports: DeltaPorts): Promise<TableState[]> {
  const found = await Promise.all(
    lakeTables.map(async ({ path }) => {
      const snapshot = await readSnapshot(path, ports)
      if (!snapshot) return []
      const files = [...snapshot.files.values()]
      return [
        {
          ...{ table: path, version: snapshot.version, written_at: new Date(snapshot.timestamp).toISOString() },
          rows: files.reduce((sum, file) => sum + rowsOf(file), 0),
          files: files.length,
          bytes: files.reduce((sum, { size }) => sum + size, 0),
        },
      ]
    }),
  )
  return found.flat()
}
