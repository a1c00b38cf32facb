import { writeTable } from '../shared/lake/delta/write-table.ts'
import { trainingInteractions } from '../shared/lake/tables/gold-tables.ts'
import { definitionOf } from '../shared/lake/tables/table.ts'
import type { Ports } from '../shared/ports.ts'
import type { EventType } from '../shared/schemas/interaction.ts'

/** A row of `gold/training_interactions`. */
export interface TrainingRow {
  user_id: string
  item_id: string
  event_type: EventType
  happened_at: string
  value: number
  quantity: number
  basket: string | null
  identity: string
}

let events = 0

/** Anna looked at the pen on January 1st, as an event of its own, unless told otherwise. */
export function aRow(fields: Partial<TrainingRow> = {}): TrainingRow {
  events += 1
  return {
    ...{ user_id: 'anna', item_id: 'pen', event_type: 'view', happened_at: '2026-01-01T12:00:00Z' },
    ...{ value: 0, quantity: 1, basket: null, identity: `event ${events}` },
    ...fields,
  }
}

/** A query of rows, as gold has them. */
export function rowsQuery(rows: readonly TrainingRow[]): string {
  const columns = `{"user_id": "VARCHAR", "item_id": "VARCHAR", "event_type": "VARCHAR", "happened_at": "TIMESTAMPTZ",
    "value": "DOUBLE", "quantity": "BIGINT", "basket": "VARCHAR", "identity": "VARCHAR"}`
  const json = JSON.stringify(rows).replaceAll("'", "''")
  return `select row.*, strftime(row.happened_at, '%Y-%m') as month from (
    select unnest(from_json('${json}', '[${columns}]')) as row)`
}

/** Adds rows to the training table of a shop, or puts them in the place of the months they are of. */
export async function writeTraining(
  rows: readonly TrainingRow[],
  ports: Ports,
  { replace = false }: { replace?: boolean } = {},
): Promise<void> {
  const months = new Set(rows.map(({ happened_at: at }) => at.slice(0, 7)))
  const isOfMonths = (file: { partitionValues: Record<string, string | null> }) =>
    months.has(file.partitionValues.month ?? '')
  await using session = await ports.sql.open()
  await writeTable(
    definitionOf(trainingInteractions),
    rowsQuery(rows),
    { session, replace: replace ? isOfMonths : 'none' },
    ports,
  )
}
