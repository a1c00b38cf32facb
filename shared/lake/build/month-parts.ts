import type { SqlSession } from '../../ports.ts'
import { literal } from '../delta/table-schema.ts'
import type { Part } from '../delta/write-table.ts'
import { bindInputs, type Input } from './bind-inputs.ts'
import type { InputChange } from './input-changes.ts'
import type { BuildContext } from './table-build.ts'
import { isByMonth, monthAfter, monthOf } from './touched-months.ts'

/**
 * The query's rows, some months after the other: in the session the inputs are bound to what those months are made of.
 * @param of.groups the months to take together; several sessions may take theirs from one iterator
 */
export async function* monthParts(
  query: string,
  of: {
    lookups: string | undefined
    groups: Iterator<readonly string[]>
    changes: readonly InputChange[]
    session: SqlSession
    ports: BuildContext['ports']
  },
): AsyncIterable<Part> {
  const { lookups, groups, changes, session, ports } = of
  const [fixed, byMonth] = [changes.filter(change => !isByMonth(change)), changes.filter(isByMonth)]
  await bindInputs(
    fixed.map(({ input, snapshot }) => ({ table: input.table, snapshot })),
    session,
    ports,
  )
  if (lookups !== undefined) await session.run(lookups)
  for (let next = groups.next(); !next.done; next = groups.next()) {
    const group = next.value
    const [first = '', last = first] = [group[0], group.at(-1)]
    const months = new Set(group)
    await bindInputs(
      byMonth.map(
        (change): Input => ({
          table: change.input.table,
          snapshot: change.snapshot,
          filter: file => isMadeOf(change, monthOf(file), months),
        }),
      ),
      session,
      ports,
    )
    await session.run(
      `set variable first_day = date '${first}-01'; set variable end_day = date '${monthAfter(last, 1)}-01'`,
    )
    if (group.length > 1) yield { session, query: `from (${query}) where month in (${group.map(literal).join(', ')})` }
    else
      yield {
        session,
        query: `select * exclude (month) from (${query}) where month = ${literal(first)}`,
        within: { month: first },
      }
  }
}

/** Whether these months of the table are made of that month of the input. */
export function isMadeOf(change: InputChange, month: string, months: ReadonlySet<string>): boolean {
  if (!isByMonth(change) || change.input.readsAll) return true
  const [first, last] = change.input.reach ?? [0, 0]
  for (let offset = first; offset <= last; offset++) if (months.has(monthAfter(month, -offset))) return true
  return false
}
