import { z } from 'zod'
import type { Ports } from '../ports.ts'
import { commits } from './delta/commits.ts'

const count = z.int().nonnegative()

/** Where a version of a table came from (S19); stored beside the table and with its commit. */
export const Lineage = z.object({
  table: z.string(),
  version: count,
  run_id: z.string(),
  code_version: z.string(),
  /** Versions of other tables that are new in this one: after `from` (absent: from the first), up to `to`. */
  inputs: z.array(z.object({ table: z.string(), from: count.optional(), to: count })),
  /** Rows read, written and put into quarantine. */
  rows_in: count,
  rows_out: count,
  rejected: count,
  by_rule: z.record(z.string(), count),
  /** Share of rows that kept every rule, 0 to 1; absent where no rules stand before the table. */
  data_quality: z.number().min(0).max(1).optional(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
})
export type Lineage = z.infer<typeof Lineage>

/** What is known of a version before it has its number: goes with the commit, as `info: { lineage }`. */
export type LineageFacts = Omit<Lineage, 'version'>
const LineageFacts = Lineage.omit({ version: true })

/** `gold/daily_sales` has its lineage in `gold/_lineage/daily_sales/`. */
export function lineagePath(table: string, version: number): string {
  return `${lineagePrefix(table)}${version.toString().padStart(20, '0')}.json`
}

export function lineagePrefix(table: string): string {
  const slash = table.indexOf('/')
  return `${table.slice(0, slash)}/_lineage/${table.slice(slash + 1)}/`
}

/** Writes where a version came from; writing it again changes nothing. */
export async function writeLineage(lineage: Lineage, { blobs }: Pick<Ports, 'blobs'>): Promise<void> {
  await blobs.write(lineagePath(lineage.table, lineage.version), Buffer.from(`${JSON.stringify(lineage, null, 2)}\n`))
}

/**
 * Writes the lineage that a crash between a commit and its lineage left out, out of the commits themselves. Resolves to
 * how many were written.
 */
export async function restoreLineage(table: string, ports: Pick<Ports, 'blobs'>): Promise<number> {
  const prefix = lineagePrefix(table)
  let last = -1
  for await (const { path } of ports.blobs.list(prefix)) last = Number(path.slice(prefix.length, -'.json'.length))
  let restored = 0
  for await (const { version, actions } of commits(table, { after: last }, ports)) {
    const facts = LineageFacts.safeParse(actions.find(({ commitInfo }) => commitInfo)?.commitInfo?.lineage)
    if (!facts.success) continue
    await writeLineage({ ...facts.data, version }, ports)
    restored += 1
  }
  return restored
}
