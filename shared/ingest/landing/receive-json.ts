import { literal } from '../../lake/delta/table-schema.ts'
import type { SqlSession } from '../../ports.ts'
import type { FileFormat } from './file-head.ts'
import type { SourceColumn } from './source-column.ts'
import { stageLines } from './stage-lines.ts'

/** No line of JSON holds this character as it is. */
const noCharacter = '\u001f'

/** Objects, one a line or in an array; their fields are the columns, what is nested stays JSON. What is no object is rejected. */
export async function receiveJson(
  file: string,
  { isArray, isGzip }: FileFormat & { type: 'json' },
  session: SqlSession,
): Promise<SourceColumn[]> {
  if (isArray) await stageArray(file, isGzip, session)
  else {
    const written = { quote: '', encoding: 'utf-8', isGzip, isStrict: true } as const
    await stageLines(file, { ...written, columns: ['line'], header: false, delimiter: noCharacter }, session)
    await session.run(`insert into rejected select line, 'is not UTF-8', csv_line from reject_errors`)
  }
  const isObject = `(json_valid(line) and json_type(try_cast(line as json)) = 'OBJECT')`
  const isBlank = `trim(line, ' \t\r') = ''`
  await session.run(
    `insert into rejected select place + 1, 'is no JSON object', line from staged where not ${isObject} and not (${isBlank})`,
  )
  const keys = await session.rows(
    `select key, min(place) as first from (select unnest(json_keys(line)) as key, place from staged where ${isObject}) group by key order by first, key`,
  )
  const columns = keys.map(({ key }, index) => ({ source: String(key), column: `c${index}` }))
  if (columns.length === 0) return []
  const paths = columns.map(({ source }) => literal(`/${source.replaceAll('~', '~0').replaceAll('/', '~1')}`))
  const texts = columns.map(({ column }, index) => `texts[${index + 1}] as ${column}`)
  await session.run(
    `create or replace temp view received as select ${texts.join(', ')}, place + 1 as _row
     from (select json_extract_string(line, [${paths.join(', ')}]) as texts, place from staged where ${isObject})`,
  )
  return columns
}

async function stageArray(file: string, isGzip: boolean, session: SqlSession): Promise<void> {
  const options = `format = 'array', compression = ${literal(isGzip ? 'gzip' : 'uncompressed')}`
  await session.run(
    `create or replace temp table staged as select json::varchar as line, row_number() over () - 1 as place from read_json_objects(${literal(file)}, ${options})`,
  )
}
