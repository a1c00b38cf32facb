import type { SqlSession } from '../../ports.ts'
import { literal } from '../delta/table-schema.ts'
import { silverPrelude } from '../silver/silver-prelude.ts'

/** By what the lake knows one person. */
export interface PersonInLake {
  /** Ids of the shop, and `session:` ids of a visitor who turned out to be the person. */
  userIds: readonly string[]
  /** Sessions of such a visitor: their events have no user id. */
  sessionIds: readonly string[]
}

/**
 * Makes macros in a session that tell the person: `is_person(user_id)`, `is_session(session_id)`, `is_key(customer_key)`;
 * none is ever null. Resolves with the person's pseudonyms.
 */
export async function knowPerson(
  { userIds, sessionIds }: PersonInLake,
  pseudonymKey: string,
  session: SqlSession,
): Promise<string[]> {
  await session.run(await silverPrelude(pseudonymKey))
  const keys = await pseudonymsOf(userIds, session)
  await session.run(
    `${isOneOf('is_person', userIds)}; ${isOneOf('is_session', sessionIds)}; ${isOneOf('is_key', keys)};`,
  )
  return keys
}

/** A macro that tells whether a text, without blanks around it, is one of some. */
function isOneOf(name: string, texts: readonly string[]): string {
  const list = texts.map(literal).join(', ')
  const condition = texts.length === 0 ? 'false' : `coalesce(trim(value) in (${list}), false)`
  return `create or replace temp macro ${name}(value) as ${condition}`
}

/** Visitors have no pseudonym. */
async function pseudonymsOf(userIds: readonly string[], session: SqlSession): Promise<string[]> {
  const named = userIds.filter(userId => !userId.startsWith('session:'))
  if (named.length === 0) return []
  const rows = await session.rows(`select hmac_key(unnest([${named.map(literal).join(', ')}])) as key`)
  return rows.map(({ key }) => String(key))
}
