import type { SqlSession } from '../../ports.ts'
import type { Add } from '../delta/actions.ts'
import { scan } from '../delta/scan.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from '../delta/snapshot.ts'
import { viewName } from '../tables/table.ts'
import { bindInputs } from './bind-inputs.ts'
import { hasMoved, type InputChange } from './input-changes.ts'

/** Which months of a table are to be made anew: those given, or every one. */
export type TouchedMonths = ReadonlySet<string> | 'all'

/** The months that what is new in the inputs touches. */
export async function touchedMonths(
  changes: readonly InputChange[],
  { session, ports }: { session: SqlSession; ports: DeltaPorts },
): Promise<TouchedMonths> {
  const months = new Set<string>()
  for (const change of changes.filter(hasMoved)) {
    const { touches = isByMonth(change) ? 'own' : 'all', reach = [0, 0] } = change.input
    if (touches === 'none') continue
    const asksBefore =
      typeof touches === 'object' && touches.query.includes(`${viewName(change.input.table.path)}_before`)
    if (touches === 'all' || change.isUnknown || (asksBefore && change.isErased)) return 'all'
    if (touches === 'own') {
      const [first, last] = reach
      const files = [...change.added, ...change.removed]
      for (const month of files.map(monthOf)) {
        for (let offset = -last; offset <= -first; offset++) months.add(monthAfter(month, offset))
      }
    } else {
      await bindChange(change, { changes, query: touches.query, session, ports })
      for (const month of await monthsAsked(touches.query, session)) months.add(month)
    }
  }
  return months
}

/** The months a query gives. */
export async function monthsAsked(query: string, session: SqlSession): Promise<string[]> {
  const rows = await session.rows(query)
  return rows.flatMap(row => Object.values(row)).filter(month => typeof month === 'string')
}

/** The month so many months later: 2026-01 and 1 give 2026-02. A text that is no month stays. */
export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number)
  if (!/^\d{4}-\d{2}$/.test(month) || year === undefined || number === undefined) return month
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7)
}

/** The month a file's rows are in; '' stands for none. */
export const monthOf = ({ partitionValues }: { partitionValues?: Add['partitionValues'] | null | undefined }): string =>
  partitionValues?.month ?? ''

export const isByMonth = ({ input }: Pick<InputChange, 'input'>): boolean =>
  input.table.partitionBy.length === 1 && input.table.partitionBy[0] === 'month'

async function bindChange(
  { input, snapshot, from, added, removed }: InputChange,
  of: { changes: readonly InputChange[]; query: string; session: SqlSession; ports: DeltaPorts },
): Promise<void> {
  const { changes, query, session, ports } = of
  const inputs = changes.map(change => ({ table: change.input.table, snapshot: change.snapshot }))
  const asked = inputs.filter(({ table }) => new RegExp(`\\b${viewName(table.path)}\\b`).test(query))
  await bindInputs(asked, session, ports)
  const view = viewName(input.table.path)
  const parts = {
    added: () => snapshot && withFiles(snapshot, added),
    removed: () => snapshot && withFiles(snapshot, removed.map(asAdd)),
    before: () => (from === undefined ? undefined : readSnapshot(input.table.path, ports, { version: from })),
  }
  for (const [part, rows] of Object.entries(parts)) {
    if (!query.includes(`${view}_${part}`)) continue
    const of = await rows()
    if (!of) throw new Error(`Cannot read ${input.table.path} as of version ${from}: it is gone`)
    await session.run(`create or replace temp view ${view}_${part} as ${await scan(of, ports)}`)
  }
}

const withFiles = (snapshot: Snapshot, files: readonly Add[]): Snapshot => ({
  ...snapshot,
  files: new Map(files.map(file => [file.path, file])),
})

const asAdd = ({ path, partitionValues, size }: InputChange['removed'][number]): Add => ({
  ...{ path, partitionValues: partitionValues ?? {}, size: size ?? 0, modificationTime: 0, dataChange: true },
})
