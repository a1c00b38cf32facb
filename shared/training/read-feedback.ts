import type { NameList } from '../algorithms/name-list.ts'
import type { SqlColumns, SqlSession } from '../ports.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { emptyFeedback, type FeedbackColumns, feedbackArrays } from './feedback-columns.ts'

/**
 * Puts the rows of a query, which has the columns of `gold/training_interactions`, into columns of feedback, in order of
 * time and identity: whatever files rows lie in, the same rows give the same columns. Users and items are numbered in order of name.
 * @throws SqlError when an event's type is no sign of interest
 */
export async function readFeedback(query: string, session: SqlSession): Promise<FeedbackColumns> {
  // Guests teach nothing of users.
  const rows = `select * from (${query}) where user_id is not null`
  await session.run(dictionary('user', rows))
  await session.run(dictionary('item', rows))
  const [counted] = await session.rows(`select count(*) as events from (${rows})`)
  const feedback = emptyFeedback(Number(counted?.events))
  let next = 0
  for await (const part of session.columns(feedbackRows(rows))) {
    for (const name of feedbackArrays) feedback[name].set(numbersOf(part, name), next)
    next += numbersOf(part, 'key').length
  }
  return { users: await nameList('user', session), items: await nameList('item', session), ...feedback }
}

/** Each name of a side once, with its number from 0. */
const dictionary = (side: 'user' | 'item', query: string) => `
  create or replace temp table ${side}_numbers as
  select name, (row_number() over (order by name) - 1)::uinteger as number
  from (select distinct ${side}_id as name from (${query}))`

/** 53 bits of a text, from 1 on: the same on any machine and in any version of the engine. */
const identityOf = (text: string) => `greatest(1, md5_number_lower(${text}) & ${2 ** 53 - 1})::double`

const typeNumbers = eventTypes.flatMap((type, number) =>
  type === 'impression' ? [] : [`when '${type}' then ${number}`],
)
/** An error for what is no sign of interest, which gold leaves out: nothing goes in silence here. */
const typeNumber = `
  case event_type ${typeNumbers.join(' ')}
  else error('Cannot learn from an event of the type ' || coalesce(event_type, 'null')) end::utinyint`

const feedbackRows = (query: string) => `
  select users.number as user, items.number as item, ${typeNumber} as type,
    least(greatest(floor(epoch(happened_at)), 0), ${2 ** 32 - 1})::uinteger as second,
    coalesce(value, 0)::float as value,
    case when basket is null then 0 else ${identityOf('basket')} end as basket,
    ${identityOf('identity')} as key
  from (${query}) as feedback
  join user_numbers as users on users.name = user_id
  join item_numbers as items on items.name = item_id
  order by happened_at, key`

/** Names that become one text, so that a name costs no object of its own. */
const namesAtOnce = 65_536

async function nameList(side: 'user' | 'item', session: SqlSession): Promise<NameList> {
  const from = `from ${side}_numbers`
  const [counted] = await session.rows(
    `select count(*) as names, coalesce(sum(strlen(name)), 0)::bigint as bytes ${from}`,
  )
  const offsets = new Uint32Array(Number(counted?.names) + 1)
  let name = 0
  for await (const part of session.columns(`select strlen(name)::uinteger as length ${from} order by number`)) {
    for (const bytes of numbersOf(part, 'length')) {
      offsets[name + 1] = offsets[name]! + bytes
      name += 1
    }
  }
  const bytes = Buffer.alloc(Number(counted?.bytes))
  for (let first = 0; first < name; first += namesAtOnce) {
    const [part] = await session.rows(
      `select string_agg(name, '' order by number) as text ${from} where number >= ${first} and number < ${first + namesAtOnce}`,
    )
    bytes.write(String(part?.text), offsets[first] ?? 0)
  }
  return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), offsets }
}

/** @throws Error when a value is absent: training's columns have none of those */
function numbersOf(part: SqlColumns, name: string): Uint8Array | Uint32Array | Float32Array | Float64Array {
  const column = part[name]
  if (column instanceof Uint8Array || column instanceof Uint32Array) return column
  if (column instanceof Float32Array || column instanceof Float64Array) return column
  throw new Error(`Cannot learn from training rows as ${name} must be there in each: one lacks it`)
}
