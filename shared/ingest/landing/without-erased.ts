import { literal, quoted } from '../../lake/delta/table-schema.ts'
import type { Ports, SqlSession } from '../../ports.ts'
import { readTombstones } from '../../privacy/tombstones/read-tombstones.ts'
import type { BronzeColumn } from './bronze-columns.ts'
import type { LandingKind } from './landing-kinds.ts'

/** When what a row tells of happened, by kind; customers are told of as they are. */
const times: Partial<Record<LandingKind, string>> = { orders: 'ordered_at', ratings: 'rated_at' }
/** Sales are accounted for whoever bought: their rows stay, as a guest's. */
const severed: readonly LandingKind[] = ['orders']

interface Rows {
  kind: LandingKind
  columns: readonly BronzeColumn[]
  /** SQL of the rows as bronze is to have them. */
  query: string
}

/** What becomes of rows of people who were erased: a file that comes again must not bring them back. */
export interface WithoutErased {
  /** The rows without them; of orders, without what names them. */
  rows(of: Rows): string
  /** How many rows of a query are left out. */
  count(of: Rows): Promise<number>
}

/** Reads who was erased into the session, which has the macro `hmac_key`. */
export async function withoutErased(
  session: SqlSession,
  { documents }: Pick<Ports, 'documents'>,
): Promise<WithoutErased> {
  const tombstones = [...(await readTombstones(documents)).values()]
  if (tombstones.length === 0) return { rows: ({ query }) => query, count: async () => 0 }
  const values = tombstones.map(({ id, lifted_at: at }) => `(${literal(id)}, ${literal(at ?? null)}::timestamptz)`)
  await session.run(
    `create or replace temp table tombstones as from (values ${values.join(', ')}) as erased(_key, _lifted_at)`,
  )
  return {
    rows: of => {
      if (!namesPeople(of)) return of.query
      if (!severed.includes(of.kind)) return `select * exclude (_is_erased) from (${marked(of)}) where not _is_erased`
      const personal = of.columns.filter(
        ({ name, isAdded }) => isAdded || name === 'user_id' || name === 'attributes_json',
      )
      const replaced = personal.map(({ name }) => `if(_is_erased, null, ${quoted(name)}) as ${quoted(name)}`)
      return `select * exclude (_is_erased) replace (${replaced.join(', ')}) from (${marked(of)})`
    },
    count: async of => {
      if (!namesPeople(of) || severed.includes(of.kind)) return 0
      const [{ rows = 0 } = {}] = await session.rows(`select count(*) as rows from (${marked(of)}) where _is_erased`)
      return Number(rows)
    },
  }
}

const namesPeople = ({ columns }: Rows): boolean => columns.some(({ name }) => name === 'user_id')

/** Who was allowed back is erased only from what happened before. */
function marked({ kind, columns, query }: Rows): string {
  const time = times[kind]
  const isBefore =
    time !== undefined && columns.some(({ name }) => name === time)
      ? `coalesce(try_cast(${time} as timestamptz) < _lifted_at, false)`
      : 'false'
  return `select received.*, _key is not null and (_lifted_at is null or ${isBefore}) as _is_erased
    from (${query}) as received left join tombstones on _key = hmac_key(trim(received.user_id))`
}
