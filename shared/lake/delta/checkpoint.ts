import { z } from 'zod'
import type { Ports, SqlSession } from '../../ports.ts'
import { Action } from './actions.ts'
import { checkpointPath, lastCheckpointPath } from './log-paths.ts'
import { apply, emptyLog, type LogState } from './log-state.ts'
import { literal, quoted } from './table-schema.ts'

/** Where a whole state of the table stands in Parquet, so that commits up to it need not be read. */
export interface Checkpoint {
  version: number
  /** In how many files it is. */
  parts: number
}

const LastCheckpoint = z.object({
  version: z.int(),
  parts: z.int().nullish(),
  v2Checkpoint: z.unknown().optional(),
})

/** The newest checkpoint, as whoever wrote it left word: there may be newer ones. */
export async function lastCheckpoint(table: string, { blobs }: Pick<Ports, 'blobs'>): Promise<Checkpoint | undefined> {
  const bytes = await blobs.read(lastCheckpointPath(table))
  if (!bytes) return undefined
  const { version, parts, v2Checkpoint } = LastCheckpoint.parse(JSON.parse(new TextDecoder().decode(bytes)))
  if (v2Checkpoint !== undefined && v2Checkpoint !== null) throw secondSpecification(table, version)
  return { version, parts: parts ?? 1 }
}

export const secondSpecification = (table: string, version: number): RangeError =>
  new RangeError(`Cannot read ${table} as its checkpoint ${version} is of the second specification (v2Checkpoint)`)

/** The actions that make up a state, in the columns of a checkpoint. */
const actionNames = ['protocol', 'metaData', 'txn', 'add', 'remove'] as const

/** The table's state as of a checkpoint; undefined when one of its files is gone. */
export async function readCheckpoint(
  table: string,
  { version, parts }: Checkpoint,
  { blobs, sql }: Pick<Ports, 'blobs' | 'sql'>,
): Promise<LogState | undefined> {
  const paths =
    parts === 1
      ? [checkpointPath(table, version)]
      : Array.from({ length: parts }, (_, index) => checkpointPath(table, version, { part: index + 1, parts }))
  const files = await Promise.all(paths.map(path => blobs.localFile(path)))
  if (files.includes(undefined)) return undefined
  await using session = await sql.open()
  const state = emptyLog()
  for await (const actions of checkpointActions(
    files.map(file => literal(file ?? '')),
    session,
  ))
    apply(state, actions)
  return state
}

async function* checkpointActions(files: readonly string[], session: SqlSession): AsyncIterable<Action[]> {
  const from = `read_parquet([${files.join(', ')}], union_by_name = true)`
  const found = new Set((await session.rows(`describe from ${from}`)).map(row => row.column_name))
  const names = actionNames.filter(name => found.has(name))
  const columns = names.map(name => `to_json(${quoted(name)})::varchar as ${quoted(name)}`)
  for await (const part of session.columns(`select ${columns.join(', ')} from ${from}`)) {
    const actions: Action[] = []
    for (const name of names) {
      for (const text of Array.from(part[name] ?? [])) {
        if (typeof text === 'string') actions.push(Action.parse({ [name]: JSON.parse(text) }))
      }
    }
    yield actions
  }
}
