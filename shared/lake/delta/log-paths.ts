/** A file of a table's log. Source: PROTOCOL.md, "Delta Log Entries" and "Checkpoints". */
export type LogFile =
  | { type: 'commit'; version: number }
  | { type: 'checkpoint'; version: number; part: number; parts: number }
  /** A checkpoint of the second specification. */
  | { type: 'v2-checkpoint'; version: number }

const digits = (value: number, width: number): string => value.toString().padStart(width, '0')

export const logFolder = (table: string): string => `${table}/_delta_log/`

export const commitPath = (table: string, version: number): string => `${logFolder(table)}${digits(version, 20)}.json`

/** The path of a checkpoint in one file, or of one of its parts, counted from 1. */
export function checkpointPath(table: string, version: number, of?: { part: number; parts: number }): string {
  const part = of === undefined ? '' : `.${digits(of.part, 10)}.${digits(of.parts, 10)}`
  return `${logFolder(table)}${digits(version, 20)}.checkpoint${part}.parquet`
}

export const lastCheckpointPath = (table: string): string => `${logFolder(table)}_last_checkpoint`

const commitName = /\/_delta_log\/(\d{20})\.json$/
const checkpointName = /\/_delta_log\/(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/
const secondCheckpointName = /\/_delta_log\/(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(?:parquet|json)$/

/** What a path in a log is; undefined for what this reader does not go by: checksums, hints, others' files. */
export function logFile(path: string): LogFile | undefined {
  const commit = commitName.exec(path)
  if (commit) return { type: 'commit', version: Number(commit[1]) }
  const checkpoint = checkpointName.exec(path)
  if (checkpoint) {
    const [, version, part = '1', parts = '1'] = checkpoint
    return { type: 'checkpoint', version: Number(version), part: Number(part), parts: Number(parts) }
  }
  const second = secondCheckpointName.exec(path)
  return second ? { type: 'v2-checkpoint', version: Number(second[1]) } : undefined
}

/**
 * Where a data file is that a log names.
 * @throws RangeError when it is outside of the table, as shallow clones have it
 */
export function dataPath(table: string, path: string): string {
  if (!/^([a-z][a-z0-9+.-]*:|\/)/i.test(path)) return `${table}/${decodeURIComponent(path)}`
  throw new RangeError(`Cannot read ${table} as a data file lies outside of it: current value is ${path}`)
}
