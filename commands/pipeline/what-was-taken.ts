import { z } from 'zod'
import type { LandingKind } from '../../shared/ingest/landing/landing-kinds.ts'
import { readManifest } from '../../shared/ingest/landing/landing-manifest.ts'
import { scan } from '../../shared/lake/delta/scan.ts'
import { readSnapshot } from '../../shared/lake/delta/snapshot.ts'
import { literal } from '../../shared/lake/delta/table-schema.ts'
import { ruledTables } from '../../shared/lake/tables/lake-tables.ts'
import { quarantineTable } from '../../shared/lake/tables/quarantine-table.ts'
import type { Ports } from '../../shared/ports.ts'
import type { LandedFile } from './landed-files.ts'

export interface BatchFile {
  kind: LandingKind
  /** As it was given. */
  file: string
  /** rows = stored + repeated + rejected */
  rows: number
  stored: number
  /** Rows that say what another row of the lake says, too, or said before. */
  repeated: number
  rejected: number
  /** The lake had the file already. */
  known: boolean
}

export interface RejectedRow {
  file: string
  row: number
  /** Absent when the row as a whole could not be read. */
  column: string | null
  value: string | null
  reason: string
}

export interface Taken {
  files: BatchFile[]
  /** The first `rejectedMax` rows that were refused: by landing, or by the rules of silver. */
  rejected: RejectedRow[]
  /** Why a file was refused as a whole. */
  refused?: string
}

type LakePorts = Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>

/** What became of the files' rows: those landing could not read, and those that silver has in quarantine. */
export async function whatWasTaken(
  landed: readonly LandedFile[],
  { rejectedMax }: { rejectedMax: number },
  ports: LakePorts,
): Promise<Taken> {
  const files: BatchFile[] = []
  const rejected: RejectedRow[] = []
  let refused: string | undefined
  for (const { kind, file, path, isKnown } of landed) {
    const manifest = await readManifest(path, ports.blobs)
    const { rows = 0, rejected: unread = 0, reason } = manifest ?? {}
    if (reason !== undefined) refused ??= `Cannot read ${file}: ${reason}`
    const counts = await quarantined(path, ports)
    files.push({
      ...{ kind, file, rows, stored: rows - unread - counts.rejected - counts.repeated },
      ...{ repeated: counts.repeated, rejected: unread + counts.rejected, known: isKnown },
    })
    const told = [...(await unreadable(path, ports)), ...counts.told]
    rejected.push(...told.map(row => ({ file, ...row })).sort((a, b) => a.row - b.row))
  }
  const first = rejected.slice(0, rejectedMax)
  return { files, rejected: first, ...(refused === undefined ? {} : { refused }) }
}

type Told = Omit<RejectedRow, 'file'>

const UnreadRow = z.object({ row: z.int(), reason: z.string(), text: z.string().optional() })

/** Rows that landing could not read. */
async function unreadable(path: string, { blobs }: LakePorts): Promise<Told[]> {
  const rows: Told[] = []
  for await (const { path: file } of blobs.list(`quarantine/${path}/`)) {
    const lines = new TextDecoder().decode(await blobs.read(file)).split('\n')
    for (const line of lines.filter(Boolean)) {
      const { row, reason, text = null } = UnreadRow.parse(JSON.parse(line))
      rows.push({ row, column: null, value: text, reason })
    }
  }
  return rows
}

const QuarantinedRow = z.object({
  row: z.int(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
})
const Counts = z.object({ repeated: z.number(), rejected: z.number() })

/** Rows told of one file and one table; all of them are in quarantine. */
const toldMax = 1_000

/** Rows of a file that rules of silver's tables stopped. */
async function quarantined(
  path: string,
  ports: LakePorts,
): Promise<{ repeated: number; rejected: number; told: Told[] }> {
  const sum = { repeated: 0, rejected: 0, told: [] as Told[] }
  await using session = await ports.sql.open()
  for (const { path: silver } of ruledTables) {
    const snapshot = await readSnapshot(quarantineTable(silver).path, ports)
    if (!snapshot) continue
    const rows = `(select *, rule in ('duplicate', 'superseded') as is_repeated from (${await scan(snapshot, ports)})
      where _source = ${literal(path)})`
    const [counts] = await session.rows(`
      select count(*) filter (is_repeated) as repeated, count(*) filter (not is_repeated) as rejected from ${rows}`)
    const { repeated, rejected } = Counts.parse(counts)
    sum.repeated += repeated
    sum.rejected += rejected
    const told = await session.rows(`
      select _row as row, "column", value, coalesce(reason, rule) as reason from ${rows}
      where not is_repeated order by _row limit ${toldMax}`)
    sum.told.push(...z.array(QuarantinedRow).parse(told))
  }
  return sum
}
