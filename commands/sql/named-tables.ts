import type { AsOf } from '../../shared/lake/delta/snapshot.ts'
import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'
import type { Table } from '../../shared/lake/tables/table.ts'

/** A table as a statement names it. */
export interface NamedTable {
  table: Table
  layer: string
  /** What the view is called in its schema: the table's name, with the version that is asked for. */
  view: string
  asOf: AsOf | undefined
}

const byPath = new Map(lakeTables.map(table => [table.path, table]))
const layers = [...new Set(lakeTables.map(({ path }) => path.slice(0, path.indexOf('/'))))]

/** Comments and texts, which name nothing, or a table with what it is asked for as of: gold.daily_sales@3. */
const piece = new RegExp(
  [
    String.raw`--.*|/\*[\s\S]*?\*/|'(?:''|[^'])*'|\$(\w*)\$[\s\S]*?\$\1\$`,
    String.raw`(?<!["\w.])(?<layer>${layers.join('|')})(?<joint>[._])(?<name>\w+)(?:@(?<at>[\d][\d:.TZ-]*))?`,
  ].join('|'),
  'gi',
)

/**
 * The lake's tables that a statement names, as `gold.daily_sales` or `gold_daily_sales`, and the statement as the
 * database takes it. `@3` or `@2026-01-31T12:00Z` behind a name asks for that version or time, and it has a view of its own.
 * @throws RangeError for an `@` that is neither
 */
export function namedTables(statement: string): { statement: string; tables: NamedTable[] } {
  const tables = new Map<string, NamedTable>()
  const rewritten = statement.replaceAll(piece, (text, ...rest: unknown[]) => {
    const { layer, joint, name, at } = groupsOf(rest)
    const table = layer && name ? byPath.get(`${layer}/${name}`.toLowerCase()) : undefined
    if (!table || !layer || !name) return text
    const view = `${name}${at === undefined ? '' : `_as_of_${at.replaceAll(/\W/g, '_')}`}`.toLowerCase()
    tables.set(`${layer}.${view}`, { table, layer, view, asOf: at === undefined ? undefined : parseAsOf(at) })
    return `${layer}${joint}${view}`
  })
  return { statement: rewritten, tables: [...tables.values()] }
}

/** What is asked for as of: a version, or an ISO 8601 date or time, UTC unless it says otherwise. @throws RangeError for anything else */
export function parseAsOf(text: string): AsOf {
  if (/^\d+$/.test(text)) return { version: Number(text) }
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text
  const timestampMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned) : Number.NaN
  if (!Number.isNaN(timestampMs)) return { timestampMs }
  throw new RangeError(`As of must be a version or a time such as 2026-01-31T12:00Z: current value is ${text}`)
}

/** The named groups of a match stand last. */
function groupsOf(rest: readonly unknown[]): Partial<Record<string, string>> {
  const groups = rest.at(-1)
  if (typeof groups !== 'object' || groups === null) return {}
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => typeof value === 'string'))
}
