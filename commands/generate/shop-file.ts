import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import type { Sql } from '../../shared/ports.ts'
import type { Fault } from './faults.ts'
import type { FileKind } from './file-kinds.ts'
import { rowText } from './row-text.ts'

export type Format = 'csv' | 'jsonl' | 'parquet'

export interface WrittenFile {
  /** Below the folder that is generated into. */
  path: string
  kind: FileKind
  rows: number
  bytes: number
}

/** Text waits until there is so much of it; rows before that are never more. */
const bufferedMax = 1 << 20

/**
 * A file of rows, written as they come in bounded memory: CSV with a header, JSON lines, or, by way of CSV, Parquet with the
 * types its texts have.
 */
export function shopFile({
  folder,
  path,
  kind,
  format,
}: {
  folder: string
  path: string
  kind: FileKind
  format: Format
}) {
  const text = format === 'jsonl' ? 'jsonl' : 'csv'
  const target = `${folder}/${path}.${format}`
  const written = format === 'parquet' ? `${target}.csv` : target
  const descriptor = openSync(written, 'w')
  let waiting = ''
  let rows = 0
  const flush = () => {
    if (waiting !== '') writeSync(descriptor, waiting)
    waiting = ''
  }
  const add = (row: Readonly<Record<string, unknown>>, fault: Fault | undefined): void => {
    if (rows === 0 && text === 'csv') waiting = `${Object.keys(row).join(',')}\n`
    rows += fault?.kind === 'duplicate_row' ? 2 : 1
    const line = rowText(row, text, fault)
    if (typeof line === 'string') waiting += line
    else {
      flush()
      writeSync(descriptor, line)
    }
    if (waiting.length > bufferedMax) flush()
  }
  const close = async (sql: Sql): Promise<WrittenFile> => {
    flush()
    closeSync(descriptor)
    if (format === 'parquet') {
      await using session = await sql.open()
      await session.run(
        `copy (from read_csv('${literal(written)}', header = true)) to '${literal(target)}' (format parquet, compression zstd)`,
      )
      rmSync(written)
    }
    return { path: `${path}.${format}`, kind, rows, bytes: statSync(target).size }
  }
  return { add, close }
}

const literal = (path: string) => path.replaceAll("'", "''")
