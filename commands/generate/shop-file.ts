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

/** So many bytes wait to be written; no row is longer than half of them. */
const waitingMax = 1 << 17

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
  // Bytes rather than texts wait: what a row was made of is gone with it.
  const waiting = Buffer.allocUnsafe(waitingMax)
  let length = 0
  let rows = 0
  const flush = () => {
    writeSync(descriptor, waiting, 0, length)
    length = 0
  }
  const write = (line: string | Uint8Array) => {
    if (typeof line === 'string') length += waiting.write(line, length)
    else {
      waiting.set(line, length)
      length += line.length
    }
    if (length > waitingMax / 2) flush()
  }
  const add = (row: Readonly<Record<string, unknown>>, fault: Fault | undefined): void => {
    if (rows === 0 && text === 'csv') write(`${Object.keys(row).join(',')}\n`)
    rows += fault?.kind === 'duplicate_row' ? 2 : 1
    write(rowText(row, text, fault))
  }
  const close = async (sql: Sql): Promise<WrittenFile> => {
    flush()
    closeSync(descriptor)
    if (format === 'parquet') {
      await using session = await sql.open()
      await session.run(
        `copy (from read_csv('${literal(written)}', header = true, delim = ',')) to '${literal(target)}' (format parquet, compression zstd)`,
      )
      rmSync(written)
    }
    return { path: `${path}.${format}`, kind, rows, bytes: statSync(target).size }
  }
  return { add, close }
}

const literal = (path: string) => path.replaceAll("'", "''")
