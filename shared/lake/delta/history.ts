import { commits } from './commits.ts'
import type { DeltaPorts } from './snapshot.ts'
import { firstReadable } from './version-at.ts'

export interface HistoryEntry {
  version: number
  /** Milliseconds since 1970; undefined where the commit does not say. */
  timestamp: number | undefined
  /** As the log names it: WRITE, OPTIMIZE … */
  operation: string | undefined
  /** Data files that came and went. */
  added: number
  removed: number
  /** All that was kept with the commit. */
  info: Readonly<Record<string, unknown>>
}

/** What was done to a table, the newest first, as far back as its log goes; nothing for a table that is not there. */
export async function history(table: string, ports: Pick<DeltaPorts, 'blobs'>): Promise<HistoryEntry[]> {
  const first = await firstReadable(table, ports)
  if (first === undefined) return []
  const entries: HistoryEntry[] = []
  for await (const { version, actions } of commits(table, { after: first - 1 }, ports)) {
    const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo ?? {}
    entries.push({
      ...{ version, timestamp: info.timestamp, operation: info.operation },
      added: actions.filter(({ add }) => add).length,
      removed: actions.filter(({ remove }) => remove).length,
      info,
    })
  }
  return entries.reverse()
}
