import { z } from 'zod'
import { bindInputs } from '../build/bind-inputs.ts'
import type { BuildContext } from '../build/table-build.ts'
import { readSnapshot } from '../delta/snapshot.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { viewName } from '../tables/table.ts'

const RejectedRow = z.object({
  file: z.string().nullable(),
  row: z.number().nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string().nullable(),
})
export type RejectedRow = z.infer<typeof RejectedRow>

/** The first rows that the newest build of a silver table rejected, but for repetitions; all of them are in quarantine. */
export async function newestRejects(
  silverPath: string,
  { most }: { most: number },
  ports: BuildContext['ports'],
): Promise<RejectedRow[]> {
  const table = quarantineTable(silverPath)
  const snapshot = await readSnapshot(table.path, ports)
  if (!snapshot) return []
  await using session = await ports.sql.open()
  await bindInputs([{ table, snapshot }], session, ports)
  const view = viewName(table.path)
  const rows = await session.rows(`
    select _source as file, _row as row, "column", "value", reason from ${view}
    where rejected_at = (select max(rejected_at) from ${view}) and rule not in ('duplicate', 'superseded')
    order by _source, _row limit ${most}`)
  return z.array(RejectedRow).parse(rows)
}
