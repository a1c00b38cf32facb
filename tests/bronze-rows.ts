import { hash } from 'node:crypto'
import type { MemoryPorts } from '../shared/adapters/memory/ports.ts'
import { bindInputs } from '../shared/lake/build/bind-inputs.ts'
import { duckDbType, literal, quoted } from '../shared/lake/delta/table-schema.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { definitionOf, type Table } from '../shared/lake/tables/table.ts'

export type BronzeRow = Readonly<Record<string, string | null>>

/** Puts rows into a table of bronze, as one file that came at the time the clock shows. */
export async function putRows(
  table: Table,
  rows: readonly BronzeRow[],
  ports: MemoryPorts,
  { source = `landing/${table.path.slice(7)}-${ports.clock()}.csv` } = {},
): Promise<void> {
  const at = new Date(ports.clock()).toISOString()
  const received = rows.map((row, index) => {
    const content = hash('sha256', JSON.stringify(row)).slice(0, 16)
    const provenance = { _ingested_at: at, _batch_id: `${source} ${at}`, _row_hash: content, _source: source }
    return { ...row, ...provenance, _row: String(index + 1), schemaVersion: '1', _ingested_on: at.slice(0, 10) }
  })
  const values = received.map(row => {
    const all: BronzeRow = row
    const cells = table.columns.map(({ name, type }) => `${literal(all[name] ?? null)}::${duckDbType(type)}`)
    return `(${cells.join(', ')})`
  })
  const names = table.columns.map(({ name }) => quoted(name)).join(', ')
  await using session = await ports.sql.open()
  const query = `select * from (values ${values.join(', ')}) as given(${names})`
  await writeTable(definitionOf(table), query, { session, replace: 'none' }, ports)
}

/** The rows of a table as it is now, in no order; none where there is no such table. */
export async function tableRows(
  table: Table,
  ports: MemoryPorts,
  { columns = '*' } = {},
): Promise<Record<string, unknown>[]> {
  await using session = await ports.sql.open()
  await bindInputs([{ table }], session, ports)
  return await session.rows(`select ${columns} from ${table.path.replaceAll('/', '_')}`)
}
