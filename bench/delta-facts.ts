import { scan } from '../shared/lake/delta/scan.ts'
import { type AsOf, type DeltaPorts, readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { quoted, tableSchema } from '../shared/lake/delta/table-schema.ts'
import type { Facts } from './peers/delta-readers.ts'

/** What a table comes to, as Sidecart reads it: the figures of delta_facts.py. @throws Error when it is not there */
export async function deltaFacts(table: string, ports: DeltaPorts, asOf?: AsOf): Promise<Facts> {
  const started = performance.now()
  const snapshot = await readSnapshot(table, ports, asOf)
  if (!snapshot) throw new Error(`There is no ${table} as of ${JSON.stringify(asOf)}`)
  const wanted = tableSchema(snapshot.metadata).map(({ name, type }) => ({
    name,
    figures: figures(quoted(name), type),
  }))
  const columns = wanted.flatMap(({ figures: of }, column) => of.map((each, index) => `${each} as c${column}_${index}`))
  await using session = await ports.sql.open()
  const [row = {}] = await session.rows(
    `select count(*) as rows, ${columns.join(', ')} from (${await scan(snapshot, ports)})`,
  )
  const numberOf = (column: number, index: number) => {
    const value = row[`c${column}_${index}`]
    return value === null ? null : Number(value)
  }
  const found = wanted.map(({ name, figures: of }, column) => {
    const values = of.map((_, index) => numberOf(column, index))
    return [name, values[0] === 0 ? [0] : values] as const
  })
  return { rows: Number(row.rows), columns: Object.fromEntries(found), ms: performance.now() - started }
}

function figures(column: string, type: unknown): string[] {
  const present = `count(${column})`
  if (typeof type !== 'string') return [present]
  if (['long', 'integer', 'short', 'byte', 'boolean'].includes(type)) return [present, `sum(${column}::hugeint)`]
  if (type === 'double' || type === 'float' || type.startsWith('decimal')) return [present, `sum(${column}::double)`]
  if (type === 'string') return [present, `sum(strlen(${column}))`]
  const days = (of: string) => `epoch(${of})::bigint // 86400`
  if (type === 'date') return [present, days(`min(${column})`), days(`max(${column})`)]
  return type === 'timestamp' ? [present, `epoch_us(min(${column}))`, `epoch_us(max(${column}))`] : [present]
}

/** Sums of numbers differ by the order they are added in. */
const relativeMax = 1e-9

/** Where two readers see different tables; nothing when they agree. */
export function disagreements(one: Facts, other: Facts): string[] {
  const found = one.rows === other.rows ? [] : [`${one.rows} rows against ${other.rows}`]
  for (const column of new Set([...Object.keys(one.columns), ...Object.keys(other.columns)])) {
    const [ours, theirs] = [one.columns[column], other.columns[column]]
    const isSame =
      ours?.length === theirs?.length && ours?.every((value, index) => isNear(value, theirs?.[index] ?? null))
    if (!isSame) found.push(`${column}: ${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`)
  }
  return found
}

function isNear(one: number | null, other: number | null): boolean {
  if (one === null || other === null) return one === other
  return Math.abs(one - other) <= relativeMax * Math.max(1, Math.abs(one), Math.abs(other))
}
