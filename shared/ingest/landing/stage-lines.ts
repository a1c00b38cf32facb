import { literal } from '../../lake/delta/table-schema.ts'
import type { SqlSession } from '../../ports.ts'
import type { Mapping } from './mapping-file.ts'

interface Lines {
  columns: readonly string[]
  header: boolean
  delimiter: string
  /** Empty: no character quotes. */
  quote: string
  encoding: Mapping['encoding']
  isGzip: boolean
  isStrict: boolean
}

/**
 * Makes a text file's lines the view `staged`: its cells as texts, and `place`, their number from 0. What is no such line
 * stands in the table `reject_errors`. The lines go through a file of the session's, as one that is read in parallel has no
 * numbers: Parquet has.
 */
export async function stageLines(file: string, of: Lines, session: SqlSession): Promise<void> {
  await session.run('drop table if exists reject_errors; drop table if exists reject_scans')
  const staged = literal(`${session.folder}/staged.parquet`)
  const options = [
    `columns = {${of.columns.map(column => `${column}: 'VARCHAR'`).join(', ')}}`,
    `auto_detect = false, header = ${of.header}, strict_mode = ${of.isStrict}, store_rejects = true, rejects_limit = 0`,
    `delim = ${literal(of.delimiter)}, quote = ${literal(of.quote)}, escape = ${literal(of.quote)}`,
    `encoding = ${literal(of.encoding)}, compression = ${literal(of.isGzip ? 'gzip' : 'none')}`,
  ]
  await session.run(
    `copy (select * from read_csv(${literal(file)}, ${options.join(', ')})) to ${staged} (format parquet, compression snappy, dictionary_size_limit 0)`,
  )
  await session.run(
    `create or replace temp view staged as select * exclude (file_row_number), file_row_number as place from read_parquet(${staged}, file_row_number = true)`,
  )
}
