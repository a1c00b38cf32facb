import { literal, quoted } from '../../lake/delta/table-schema.ts'
import type { SqlSession } from '../../ports.ts'
import { SqlError } from '../../schemas/errors.ts'
import type { FileFormat } from './file-head.ts'
import type { Mapping } from './mapping-file.ts'
import { receiveCsv } from './receive-csv.ts'
import { receiveJson } from './receive-json.ts'
import { RefusedFile } from './refused-file.ts'
import type { SourceColumn } from './source-column.ts'

/**
 * Makes the rows of a file readable in the session: the view `received` with every column as text and `_row`, the row's
 * number from 1 after the header; and the table `rejected` (row, reason, text) of what is no row. Gives the columns.
 * @throws RefusedFile when the file cannot be read at all
 */
export async function receiveRows(
  file: string,
  format: FileFormat,
  { session, mapping }: { session: SqlSession; mapping: Mapping },
): Promise<SourceColumn[]> {
  await session.run('create or replace temp table rejected (row bigint, reason varchar, text varchar)')
  try {
    switch (format.type) {
      case 'csv':
        return await receiveCsv(file, format, { session, mapping })
      case 'json':
        return await receiveJson(file, format, session)
      case 'parquet':
        return await receiveParquet(file, session)
    }
  } catch (cause) {
    if (!(cause instanceof SqlError) || !isOfTheFile(cause.message)) throw cause
    throw new RefusedFile(`The file cannot be read: ${cause.message.split('\n', 1)[0]}`, { cause })
  }
}

/** What the engine says of a file's content, not of the machine it runs on. */
function isOfTheFile(message: string): boolean {
  return /^(Invalid Input|Conversion|Invalid|IO|Serialization) Error/.test(message) && !/space|memory/i.test(message)
}

/** Times are written as ISO 8601 in UTC, what is nested as JSON. */
async function receiveParquet(file: string, session: SqlSession): Promise<SourceColumn[]> {
  const from = `read_parquet(${literal(file)}, file_row_number = true)`
  const described = await session.rows(`describe select * exclude (file_row_number) from ${from}`)
  const columns = described.map(({ column_name: name }, index) => ({ source: String(name), column: `c${index}` }))
  const texts = described.map(({ column_name: name, column_type: type }, index) => {
    return `${asText(quoted(String(name)), String(type))} as c${index}`
  })
  await session.run(
    `create or replace temp view received as select ${texts.join(', ')}, file_row_number + 1 as _row from ${from}`,
  )
  return columns
}

function asText(column: string, type: string): string {
  if (/^(STRUCT|MAP)|\[\d*\]$/.test(type)) return `to_json(${column})::varchar`
  if (type.startsWith('TIMESTAMP')) {
    return `replace((${column}::timestamptz at time zone 'UTC')::varchar, ' ', 'T') || 'Z'`
  }
  return `${column}::varchar`
}
