import { literal } from '../../lake/delta/table-schema.ts'
import type { Blobs, SqlSession } from '../../ports.ts'
import type { Content } from './append-once.ts'

/** Rejected rows told in the run's log; all of them are in quarantine. */
const toldMax = 50

export interface RejectedRows {
  count: number
  told: readonly unknown[]
}

/**
 * Keeps the rows of the table `rejected` in `quarantine/<path>/<version>.ndjson`: row, reason and, unless the file is about
 * people, the text of the row.
 */
export async function keepRejected(
  { path, version, isPersonal }: Content & { isPersonal: boolean },
  session: SqlSession,
  blobs: Blobs,
): Promise<RejectedRows> {
  const [{ count = 0 } = {}] = await session.rows('select count(*) as count from rejected')
  if (count === 0) return { count: 0, told: [] }
  const columns = isPersonal ? 'row, reason' : 'row, reason, mask_text(text) as text'
  const file = `${session.folder}/rejected.ndjson`
  await session.run(`copy (select ${columns} from rejected order by row) to ${literal(file)} (format json)`)
  await blobs.storeFile(`quarantine/${path}/${version}.ndjson`, file)
  const told = await session.rows(`select row, reason from rejected order by row limit ${toldMax}`)
  return { count: Number(count), told }
}
