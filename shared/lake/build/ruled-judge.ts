import type { SqlSession } from '../../ports.ts'
import { literal } from '../delta/table-schema.ts'
import { sqlFile } from '../sql-file.ts'
import { type Table, viewName } from '../tables/table.ts'
import { bindInputs } from './bind-inputs.ts'
import { finalRules, type Rule, type RuledBuild, waitingRules } from './ruled-build.ts'
import type { RuledPlan } from './ruled-plan.ts'
import type { BuildContext } from './table-build.ts'

interface Judging {
  session: SqlSession
  ports: BuildContext['ports']
}

/**
 * Decides what becomes of each received row: `accepted` gets the rows of the table, `rejected` the others by number
 * (`_n`) and rule. Row by row first, then one row of each key, references last: a row that waits owns its key.
 * Resolves to false when a new row comes before one that is in the table already: then only a build from all of bronze
 * gives what bronze's order says.
 */
export async function judge(build: RuledBuild, plan: RuledPlan, judging: Judging): Promise<boolean> {
  const { session } = judging
  await stage(build, session)
  if (build.key === 'merged') {
    await session.run('create temp view received as select * from staged where _broken is null')
    await session.run(`create temp table merged as ${await sqlFile(build.table.path)}`)
    await session.run('create temp table losers as select _n, _verdict as rule from merged where _verdict is not null')
  } else if (!(await findDuplicates(build.key, build, { ...judging, plan }))) return false
  await session.run(`create temp table rejected as
    select _n, _broken as rule, _waited from staged where _broken is not null
    union all select _n, rule, _waited from losers join staged using (_n)
    union all select _n, _waiting, _waited from staged anti join losers using (_n)
      where _broken is null and _waiting is not null`)
  const kept =
    build.key === 'merged'
      ? 'from merged where _verdict is null'
      : 'from staged anti join losers using (_n) where _broken is null and _waiting is null'
  await session.run(`create temp view accepted as ${await withPseudonyms(build.table, kept, session)}`)
  return true
}

/**
 * Reads bronze once: what a row is and which rule it breaks goes to a file, of which later steps read few columns. The file
 * is read once or twice: looking for dictionaries would cost a third of writing it.
 */
async function stage(build: RuledBuild, session: SqlSession): Promise<void> {
  const file = literal(`${session.folder}/staged.parquet`)
  const query = await sqlFile(build.key === 'merged' ? `${build.table.path}_received` : build.table.path)
  const broken = brokenRule(finalRules(build))
  const waiting = brokenRule(waitingRules(build))
  await session.run(
    `copy (select *, ${broken} as _broken, ${waiting} as _waiting from (${query}\n)) to ${file} (format parquet, compression snappy, dictionary_size_limit 1)`,
  )
  await session.run(`create temp view staged as select *, file_row_number as _n from read_parquet(${file})`)
}

/** SQL that gives the name of the first rule a row breaks, null when it breaks none. */
function brokenRule(rules: readonly Rule[]): string {
  if (rules.length === 0) return 'null::varchar'
  const cases = rules.map(({ name, check }) => `when (${check}) is not true then ${literal(name)}`)
  return `case ${cases.join(' ')} end`
}

async function findDuplicates(
  key: string,
  { table }: RuledBuild,
  { session, ports, plan }: Judging & { plan: RuledPlan },
): Promise<boolean> {
  // Hashes tell the few keys that may be there more than once; only these are put in order.
  await session.run(`create temp table losers as
    with often as (select hash(${key}) as h from staged where _broken is null group by h having count(*) > 1),
    twins as (
      select _n, _waited, _ingested_at, _row_hash, row_number() over first_comes as place,
        first_value(_waited) over first_comes as first_waited,
        first_value(_ingested_at) over first_comes as first_at, first_value(_row_hash) over first_comes as first_hash
      from staged where _broken is null and hash(${key}) in (from often)
      window first_comes as (partition by ${key} order by _waited is null, _ingested_at, _source, _row, _n)
    )
    select _n, 'duplicate' as rule,
      _waited is null and first_waited is not null
        and (first_at > _ingested_at or first_at = _ingested_at and first_hash <> _row_hash) as is_early
    from twins where place > 1`)
  if (plan.before && !plan.isWhole) {
    await bindInputs([{ table, snapshot: plan.before }], session, ports)
    await session.run(`insert into losers
      select _n, 'duplicate', kept._ingested_at > fresh._ingested_at
        or kept._ingested_at = fresh._ingested_at and kept._row_hash <> fresh._row_hash
      from (select _n, ${key}, _ingested_at, _row_hash from staged anti join losers using (_n)
        where _broken is null and _waited is null) as fresh
      join (select ${key}, _ingested_at, _row_hash from ${viewName(table.path)}) as kept using (${key})`)
  }
  const early = await session.rows('select 1 from losers where is_early limit 1')
  return early.length === 0
}

/** The pseudonym is made once for each user, not for each row. */
async function withPseudonyms(table: Table, kept: string, session: SqlSession): Promise<string> {
  if (!table.columns.some(({ name }) => name === 'customer_key')) return `select * ${kept}`
  await session.run(`create temp table pseudonyms as
    select user_id, hmac_key(user_id) as customer_key from (select distinct user_id ${kept} and user_id is not null and not starts_with(user_id, 'session:'))`)
  return `select kept.*, customer_key from (select * ${kept}) as kept left join pseudonyms using (user_id)`
}
