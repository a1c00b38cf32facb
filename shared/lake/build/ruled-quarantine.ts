import type { SqlSession } from '../../ports.ts'
import { literal, quoted } from '../delta/table-schema.ts'
import { type RuledBuild, standingRules } from './ruled-build.ts'
import { freshView, waitingView } from './ruled-received.ts'

/** What makes a row of bronze known: no two have all of these in common. */
const identity = ['_source', '_batch_id', '_row', '_row_hash', '_ingested_at']

/**
 * A query of the rejected rows as quarantine has them. They are looked up in bronze: only these few become JSON.
 * @param where SQL over `rejected`
 */
export async function quarantineRows(
  build: RuledBuild,
  { where, now, session }: { where: string; now: number; session: SqlSession },
): Promise<string> {
  const columns = identity.map(quoted).join(', ')
  await session.run(`create temp table sent as
    select rule, rejected._waited, _table, ${columns} from rejected join staged using (_n) where ${where}`)
  const fresh = build.sources.map(
    table => `
    select sent.rule, sent._table, ${identity.map(name => `sent.${name}`).join(', ')}, to_json(fresh)::varchar as "row"
    from ${freshView(table)} as fresh
    join (from sent where _waited is null and _table = ${literal(table.path)}) as sent using (${columns})`,
  )
  const at = `make_timestamptz(${now}::bigint * 1000)`
  return `
    with raw as (
      ${fresh.join(' union all ')}
      union all
      select sent.rule, _table, ${columns}, waiting."row"
      from ${waitingView(build)} as waiting
      join (from sent where _waited is not null) as sent using (_table, ${columns})
    ),
    rules(rule, "column", reason) as (values ${ruleValues(build)})
    select rule, "column", reason, "row", _table, ${columns},
      coalesce("row" ->> "column", ("row" ->> 'event') ->> "column", ("row" ->> 'change') ->> "column",
        ("row" ->> 'change') -> 'data' ->> "column") as "value",
      ${at} as rejected_at, ${at}::date as rejected_on
    from raw left join rules using (rule)`
}

function ruleValues(build: RuledBuild): string {
  const rules = [
    ...build.rules.map(({ name, column, reason }) => [name, column, reason]),
    ...standingRules.map(({ name, reason }) => [name, build.key === 'merged' ? null : build.key, reason]),
  ]
  return rules.map(rule => `(${rule.map(text => literal(text ?? null)).join(', ')})`).join(', ')
}
