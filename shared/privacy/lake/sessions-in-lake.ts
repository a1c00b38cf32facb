import { z } from 'zod'
import { readSnapshot } from '../../lake/delta/snapshot.ts'
import { literal } from '../../lake/delta/table-schema.ts'
import { bronzeInteractions } from '../../lake/tables/bronze-tables.ts'
import { scanTable } from '../../lake/tables/scan-table.ts'
import type { Ports } from '../../ports.ts'
import { guestId } from '../../schemas/ids.ts'

const Row = z.object({ session_id: z.string() })

/** Visitors' sessions, as user ids, that bronze has a login of for this user; one that several logged in to is the first's. */
export async function sessionsInLake(
  userId: string,
  ports: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>,
): Promise<string[]> {
  const snapshot = await readSnapshot(bronzeInteractions.path, ports)
  await using session = await ports.sql.open()
  const rows = await session.rows(`
    with logins as (
      select event ->> '$.session_id' as session_id, event ->> '$.user_id' as user_id, event ->> '$.ts' as ts
      from (${await scanTable(bronzeInteractions, snapshot, ports)})
      where contains(event, 'login') and (event ->> '$.event_type') = 'login'
    )
    select session_id from logins where session_id is not null
    group by session_id having arg_min(user_id, ts) = ${literal(userId)} order by session_id`)
  return rows.map(row => guestId(Row.parse(row).session_id))
}
