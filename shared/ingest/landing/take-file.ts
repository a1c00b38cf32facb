import { readSnapshot } from '../../lake/delta/snapshot.ts'
import type { Ports, SqlSession } from '../../ports.ts'
import { maskMacros } from '../mask-macros.ts'
import { appendOnce, type Content, landingTransaction } from './append-once.ts'
import { bronzeColumns, isPersonal } from './bronze-columns.ts'
import { bronzeRows } from './bronze-rows.ts'
import { fileFormat } from './file-head.ts'
import { kindsOfFiles, type LandingKind } from './landing-kinds.ts'
import type { LandingManifest } from './landing-manifest.ts'
import { type Mapping, noMapping, readMapping } from './mapping-file.ts'
import { receiveRows } from './received-rows.ts'
import { RefusedFile } from './refused-file.ts'
import { keepRejected, type RejectedRows } from './rejected-rows.ts'
import { withoutErased } from './without-erased.ts'

export interface LandedFile {
  path: string
  etag: string
  kind: LandingKind
  /** The mapping file it is read by. */
  mapping?: { path: string; etag: string } | undefined
}

export interface Taken extends RejectedRows {
  rows: number
  /** Rows of people who were erased: they are stored nowhere. */
  erased: number
}

/**
 * Appends a file's rows to bronze, each content once. Resolves with the rows of the file and what was rejected; undefined
 * when it has another content by now, and nothing was taken.
 * @throws RefusedFile when nothing can be made of it
 */
export async function takeFile(
  file: LandedFile,
  { version, ingestedAt, pseudonymKey }: { version: number; ingestedAt: string; pseudonymKey: string },
  ports: Ports,
): Promise<Taken | undefined> {
  const { path, etag, kind } = file
  const mapping = file.mapping ? await readMapping(file.mapping.path, ports.blobs) : noMapping
  const local = await ports.blobs.localFile(path, etag)
  if (local === undefined) return undefined
  await using session = await ports.sql.open()
  await session.run(maskMacros(pseudonymKey))
  const found = await receiveRows(local, await fileFormat(local, { name: path, mapping }), { session, mapping })
  // A file that grew while it was read is not whole.
  if ((await etagOf(path, ports)) !== etag) return undefined
  const [{ rejected = 0 } = {}] = await session.rows('select count(*) as rejected from rejected')
  if (found.length === 0 && rejected === 0) return { rows: 0, count: 0, erased: 0, told: [] }
  if (found.length === 0) throw new RefusedFile('The file holds no row that can be read')
  const targets = targetsOf(found, { kind, mapping })
  const kept = await keepRejected({ path, version, isPersonal: isPersonal(found, kind) }, session, ports.blobs)
  const { rows, erased } = await appendAll(targets, { session, content: { path, version }, ingestedAt }, ports)
  return { rows: rows + kept.count, erased, ...kept }
}

type Targets = {
  kind: LandingKind
  columns: ReturnType<typeof bronzeColumns>
  distinct?: { by: string; needs: string[] }
}[]

/** The tables that a file's rows go to: that of its kind, and those its mapping names besides. */
function targetsOf(
  found: Parameters<typeof bronzeColumns>[0],
  { kind, mapping }: { kind: LandingKind; mapping: Mapping },
): Targets {
  return [
    { kind, columns: bronzeColumns(found, kind, { mapping, format: mapping, isWhole: true }) },
    ...mapping.also.map(also => {
      const columns = bronzeColumns(found, also.kind, { mapping: also, format: mapping, isWhole: false })
      return { kind: also.kind, columns, distinct: { by: also.distinct_by, needs: also.needs } }
    }),
  ]
}

async function appendAll(
  targets: Targets,
  { session, content, ingestedAt }: { session: SqlSession; content: Content; ingestedAt: string },
  ports: Ports,
): Promise<{ rows: number; erased: number }> {
  const { path, version } = content
  const origin = { source: path, batchId: `${path}#${version}`, ingestedAt }
  const without = await withoutErased(session, ports)
  let erased: number | undefined
  for (const { kind, columns, distinct } of targets) {
    const of = { kind, columns, query: bronzeRows(columns, origin, distinct) }
    // The first is of the file's own kind: it has all of its rows.
    erased ??= await without.count(of)
    const query = without.rows(of)
    await appendOnce({ table: kindsOfFiles[kind].table, columns, query, content }, session, ports)
  }
  const [{ rows = 0 } = {}] = await session.rows('select count(*) as rows from received')
  return { rows: Number(rows), erased: erased ?? 0 }
}

async function etagOf(path: string, { blobs }: Pick<Ports, 'blobs'>): Promise<string | undefined> {
  for await (const entry of blobs.list(path)) if (entry.path === path) return entry.etag
  return undefined
}

/** The number of the content: one more than any that this file had in the tables of bronze. */
export async function nextVersion(
  { path }: Pick<LandedFile, 'path'>,
  earlier: LandingManifest | undefined,
  ports: Ports,
): Promise<number> {
  const appId = landingTransaction({ path })
  let last = earlier?.version ?? 0
  for (const { table } of Object.values(kindsOfFiles)) {
    const snapshot = await readSnapshot(table.path, ports)
    last = Math.max(last, snapshot?.transactions.get(appId) ?? 0)
  }
  return last + 1
}
