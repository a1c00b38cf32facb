import type { SqlSession } from '../../ports.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { duckDbType, literal } from '../delta/table-schema.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { type Table, viewName } from '../tables/table.ts'
import { bindInputs } from './bind-inputs.ts'
import type { InputChange } from './input-changes.ts'
import { type RuledBuild, waitingRules } from './ruled-build.ts'
import type { RuledPlan } from './ruled-plan.ts'
import type { BuildContext } from './table-build.ts'

/**
 * Makes what a build reads readable in the session. `bronze_orders`: what is new in it and what waits in quarantine, with
 * `_table`, and `_waited`, the rule that a row waited by; references under their own names.
 */
export async function bindReceived(
  build: RuledBuild,
  plan: RuledPlan,
  { session, ports }: { session: SqlSession } & Pick<BuildContext, 'ports'>,
): Promise<void> {
  const waiting = waitingPath(build)
  const isWaiting = new Set(waitingRules(build).map(({ name }) => name))
  const inputs = [
    ...plan.references.map(({ input, snapshot }) => ({ table: input.table, snapshot })),
    ...plan.sources.map(change => ({ table: fresh(change.input.table), snapshot: freshRows(change, plan) })),
    {
      table: { ...quarantineTable(build.table.path), path: waiting },
      snapshot: plan.isWhole ? undefined : plan.quarantine,
      filter: ({ partitionValues }: { partitionValues: Readonly<Record<string, string | null>> }) =>
        isWaiting.has(partitionValues.rule ?? ''),
    },
  ]
  await bindInputs(inputs, session, ports)
  for (const { table } of plan.sources.map(({ input }) => input)) {
    await session.run(sourceView(table, waitingView(build)))
  }
}

/** Where the rows that are new in a source are found, and those that wait: no tables, but views are named by them. */
export const freshView = (table: Table): string => viewName(fresh(table).path)
export const waitingView = (build: RuledBuild): string => viewName(waitingPath(build))
const fresh = (table: Table): Table => ({ ...table, path: `bronze/_fresh/${table.path}` })
const waitingPath = ({ table }: RuledBuild): string => `quarantine/_waiting/${table.path}`

function freshRows({ snapshot, added }: InputChange, { isWhole }: RuledPlan): Snapshot | undefined {
  if (!snapshot || isWhole) return snapshot
  return { ...snapshot, files: new Map(added.map(file => [file.path, file])) }
}

function sourceView(table: Table, waiting: string): string {
  const structure = Object.fromEntries(table.columns.map(({ name, type }) => [name, duckDbType(type)]))
  return `create or replace temp view ${viewName(table.path)} as
    select *, ${literal(table.path)} as _table, null::varchar as _waited from ${freshView(table)}
    union all by name
    select received.*, _table, rule as _waited from (
      select from_json("row", ${literal(JSON.stringify(structure))}) as received, _table, rule
      from ${waiting} where _table = ${literal(table.path)})`
}
