import { duckDbType, literal, quoted } from '../shared/lake/delta/table-schema.ts'
import { type Replaced, writeTable } from '../shared/lake/delta/write-table.ts'
import { definitionOf, type Table } from '../shared/lake/tables/table.ts'
import type { Ports } from '../shared/ports.ts'

export type Row = Readonly<Record<string, string | number | boolean | null>>

/** Puts rows into a table of the lake as they are; a column that a row lacks is null. */
export async function storeRows(
  table: Table,
  rows: readonly Row[],
  ports: Ports,
  { replace = 'none' }: { replace?: Replaced } = {},
): Promise<void> {
  const values = rows.map(row => {
    const cells = table.columns.map(({ name, type }) => {
      const value = row[name] ?? null
      return `${literal(value === null ? null : String(value))}::${duckDbType(type)}`
    })
    return `(${cells.join(', ')})`
  })
  const names = table.columns.map(({ name }) => quoted(name)).join(', ')
  const query = `select * from (values ${values.join(', ')}) as given(${names})`
  await using session = await ports.sql.open()
  await writeTable(definitionOf(table), query, { session, replace }, ports)
}
