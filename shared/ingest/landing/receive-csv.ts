import { literal } from '../../lake/delta/table-schema.ts'
import type { SqlSession } from '../../ports.ts'
import { SqlError } from '../../schemas/errors.ts'
import type { FileFormat } from './file-head.ts'
import type { Mapping } from './mapping-file.ts'
import { RefusedFile } from './refused-file.ts'
import type { SourceColumn } from './source-column.ts'
import { stageLines } from './stage-lines.ts'

/**
 * Quotes as in RFC 4180. What has another number of cells than the header, or a quote that is not closed, is rejected.
 * @throws RefusedFile when such a quote takes lines with it, as nobody can tell how many rows they were
 */
export async function receiveCsv(
  file: string,
  { header, delimiter, isGzip }: FileFormat & { type: 'csv' },
  { session, mapping: { encoding, quote } }: { session: SqlSession; mapping: Pick<Mapping, 'encoding' | 'quote'> },
): Promise<SourceColumn[]> {
  const columns = header.map((source, index) => ({ source, column: `c${index}` }))
  if (columns.length === 0) return []
  const options = {
    columns: columns.map(({ column }) => column),
    ...{ header: true, delimiter, quote, encoding, isGzip },
  }
  try {
    await stageLines(file, { ...options, isStrict: true }, session)
  } catch (cause) {
    // Lines that end now in one way, now in another.
    if (!(cause instanceof SqlError && cause.message.includes('invalid state'))) throw cause
    await stageLines(file, { ...options, isStrict: false }, session)
  }
  await checkQuotes(session)
  const found = `regexp_extract(error_message, 'Found: ([0-9]+)', 1)`
  await session.run(`
    insert into rejected
    select line - 1,
      case error_type
        when 'MISSING COLUMNS' then 'must have ${header.length} columns as the header, not ' || ${found}
        when 'TOO MANY COLUMNS' then 'must have ${header.length} columns as the header, not ' || ${found}
        when 'UNQUOTED VALUE' then 'has a quote that is not closed'
        when 'INVALID ENCODING' then ${literal(`is not ${encoding.toUpperCase()}`)}
        when 'LINE SIZE OVER MAXIMUM' then 'is longer than 2 MB'
        else 'cannot be read' end,
      csv_line
    from reject_errors qualify row_number() over (partition by line order by byte_position) = 1`)
  await session.run(
    `create or replace temp view received as select * exclude (place), place + 1 ${await skippedBefore(session)}`,
  )
  return columns
}

async function checkQuotes(session: SqlSession): Promise<void> {
  const [{ row = null } = {}] = await session.rows(
    `select min(line) - 1 as row from reject_errors where error_type = 'UNQUOTED VALUE' and contains(rtrim(csv_line, chr(10) || chr(13)), chr(10))`,
  )
  if (row === null) return
  throw new RefusedFile(
    `Row ${row} opens a quote that is not closed, so the lines after it cannot be told apart: close it, or say in a mapping file that nothing is quoted ("quote": "")`,
  )
}

/** Rows that were rejected count, too: how many there were before a row is looked up by blocks of the staged rows. */
async function skippedBefore(session: SqlSession): Promise<string> {
  const [{ rejected = 0 } = {}] = await session.rows('select count(*) as rejected from rejected')
  if (rejected === 0) return 'as _row from staged'
  const block = 4096
  await session.run(`
    create or replace temp table gaps as
    with gap as (select row - row_number() over (order by row) as before from rejected),
    counted as (select before // ${block} as block, list(before) as places from gap group by all),
    blocks as (select unnest(range((select count(*) // ${block} + 1 from staged))) as block)
    select block, coalesce(places, []) as places,
      coalesce(sum(len(places)) over (order by block rows between unbounded preceding and 1 preceding), 0)::bigint as earlier
    from blocks left join counted using (block)`)
  return `+ earlier + len(list_filter(places, lambda gap: gap <= place)) as _row
    from staged join gaps on gaps.block = place // ${block}`
}
