import { literal, quoted } from '../../lake/delta/table-schema.ts'
import type { Table } from '../../lake/tables/table.ts'

/** A hub and the table of bronze that keeps its messages, in `column`. */
export interface FoldedHub {
  hub: string
  table: Table
  column: string
}

/**
 * Rows of bronze from a file of segments' lines. `_ingested_at` is the moment of the fold: rows of a later commit are
 * later, so that bronze has one order, whoever reads it in whatever steps.
 */
export function foldQuery({ hub, column }: FoldedHub, file: string, nowMs: number): string {
  const at = `'${new Date(nowMs).toISOString()}'::timestamptz`
  return `
    with placed as (
      select json::varchar as line, instr(json::varchar, '"event":') + length('"event":') as start
      from read_ndjson_objects(${literal(file)})
    ), parts as (
      select line, substr(line, start, length(line) - start) as message from placed
    )
    select
      message as ${quoted(column)},
      line ->> '_partition' as _partition,
      (line ->> '_sequence_number')::bigint as _sequence_number,
      (line ->> '_enqueued_at')::timestamptz as _enqueued_at,
      ${at} as _ingested_at,
      line ->> '_batch_id' as _batch_id,
      substr(sha256(message), 1, 16) as _row_hash,
      ${literal(`${hub}/`)} || (line ->> '_partition') as _source,
      (line ->> '_sequence_number')::bigint as _row,
      (message ->> 'schema_version')::integer as schemaVersion,
      ${at}::date as _ingested_on
    from parts`
}
