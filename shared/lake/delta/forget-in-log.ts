import type { Ports } from '../../ports.ts'
import { logFile, logFolder } from './log-paths.ts'
import { readLog } from './read-log.ts'
import { literal } from './table-schema.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/**
 * Makes a table's log forget texts that stand in it as bounds of a column, as tables have them that others wrote: a
 * checkpoint of the newest version is written, and whatever of the log is before it goes. Call it once no file of the
 * table holds them. Whoever follows the table reads it whole then. Resolves with how many files of the log went; none
 * where no text stands in it.
 */
export async function forgetInLog(
  table: string,
  texts: readonly string[],
  ports: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>,
): Promise<number> {
  const log = await readLog(table, ports)
  if (!log) return 0
  const before: string[] = []
  let isNamed = false
  for await (const { path } of ports.blobs.list(logFolder(table))) {
    const file = logFile(path)
    if (!file || (file.version === log.version && file.type === 'commit')) continue
    if (file.version <= log.version) before.push(path)
    isNamed ||= await names(path, texts, ports)
  }
  if (!isNamed) return 0
  await writeCheckpoint(table, log, ports)
  const written = before.filter(path => logFile(path)?.version !== log.version)
  for (const path of written) await ports.blobs.remove(path)
  return written.length
}

/** Texts are cut to so many characters as bounds. */
const boundCharacters = 32

/** A text as it stands in statistics, which are JSON: a cut one has no end. */
function asBound(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= boundCharacters) return JSON.stringify(text)
  return JSON.stringify(characters.slice(0, boundCharacters).join('')).slice(0, -1)
}
/** A commit has statistics as a text of JSON in turn. */
const inCommit = (text: string): string => JSON.stringify(asBound(text)).slice(1, -1)

async function names(
  path: string,
  texts: readonly string[],
  { blobs, sql }: Pick<Ports, 'blobs' | 'sql'>,
): Promise<boolean> {
  if (path.endsWith('.json')) {
    const bytes = await blobs.read(path)
    return bytes !== undefined && texts.some(text => Buffer.from(bytes).includes(inCommit(text)))
  }
  const local = await blobs.localFile(path)
  if (local === undefined) return false
  await using session = await sql.open()
  const named = texts.map(text => `contains(stats, ${literal(asBound(text))})`)
  const found = await session.rows(
    `select 1 from (select "add".stats as stats from read_parquet(${literal(local)})) where ${named.join(' or ')} limit 1`,
  )
  return found.length > 0
}
