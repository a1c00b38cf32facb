import type { Add } from '../lake/delta/actions.ts'
import type { Snapshot } from '../lake/delta/snapshot.ts'
import { rowsOf } from '../lake/delta/write-table.ts'
import type { Sha256 } from '../ports.ts'

/** Data files of the training table that are read together: those of some months. */
export interface FeedbackFiles {
  /** As the table's log names them, in order. */
  paths: string[]
  /** Tells the files from any others, and from what another version of the app reads in them. */
  source: string
}

/** Raised when the same files are read otherwise, so that no run takes over what an earlier version made of them. */
const readingVersion = 2

/**
 * Cuts the table into chunks of at most `rowsMax` rows, one month at least, the oldest first. A chunk is as full as it
 * can be, so that a new month leaves all chunks but the last as they were.
 */
export function feedbackChunks(
  { path: table, files }: Pick<Snapshot, 'path' | 'files'>,
  { rowsMax, sha256 }: { rowsMax: number; sha256: Sha256 },
): FeedbackFiles[] {
  const byMonth = Map.groupBy(files.values(), ({ partitionValues }) => partitionValues.month ?? '')
  const months = [...byMonth].sort(([a], [b]) => (a < b ? -1 : 1))
  const chunks: Add[][] = []
  let room = 0
  for (const [, of] of months) {
    const rows = of.reduce((sum, file) => sum + rowsOf(file), 0)
    const chunk = chunks.at(-1)
    if (chunk && rows <= room) chunk.push(...of)
    else chunks.push(of)
    room = (chunk && rows <= room ? room : rowsMax) - rows
  }
  return chunks.map(chunk => {
    const paths = chunk.map(({ path }) => path).sort()
    return { paths, source: sha256([readingVersion, table, ...paths].join('\n')) }
  })
}
