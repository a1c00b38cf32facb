import { z } from 'zod'
import type { BlobEntry } from '../../ports.ts'
import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import type { Metrics } from '../../schemas/run.ts'
import { landedAs, landingKinds, landingPrefix } from './landing-kinds.ts'
import { type LandingManifest, readManifest, writeManifest } from './landing-manifest.ts'
import { RefusedFile } from './refused-file.ts'
import { type LandedFile, nextVersion, takeFile } from './take-file.ts'

const Chunk = z.object({
  path: z.string(),
  etag: z.string(),
  kind: z.enum(landingKinds),
  mapping: z.object({ path: z.string(), etag: z.string() }).optional(),
})

export interface FilesOptions {
  /** Key of the pseudonyms: what stands for an e-mail is made with it. */
  pseudonymKey: string
}

/** Takes what an ERP dropped into `landing/` into bronze: one chunk a file that is new or changed. */
export function filesStage({ pseudonymKey }: FilesOptions): Stage {
  return stage({
    name: 'files',
    weight: 1,
    parse: raw => Chunk.parse(raw),
    plan,
    run: (file, context) => run(file, { ...context, pseudonymKey }),
  })
}

async function plan({ ports, note }: StageContext): Promise<LandedFile[]> {
  const entries = await Array.fromAsync(ports.blobs.list(landingPrefix))
  const mappings = new Map(entries.filter(({ path }) => landedAs(path) === 'mapping').map(entry => [entry.path, entry]))
  const files: LandedFile[] = []
  for (const { path, etag, bytes } of entries) {
    const kind = landedAs(path)
    if (kind === 'mapping') continue
    if (kind === 'unknown')
      note({ file: path, ignored: `no file of ${landingKinds.join(', ')} in CSV, JSON or Parquet` })
    else if (kind === 'unfinished') note({ file: path, waiting: 'its name is that of an unfinished file' })
    else if (bytes === 0) note({ file: path, waiting: 'it is empty' })
    else {
      const mapping = mappingOf(path, mappings)
      const manifest = await readManifest(path, ports.blobs)
      if (isNew(manifest, { etag, mapping })) files.push({ path, etag, kind, mapping })
    }
  }
  return files
}

function mappingOf(path: string, mappings: ReadonlyMap<string, BlobEntry>): LandedFile['mapping'] {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const found = mappings.get(`${path}.mapping.json`) ?? mappings.get(`${folder}/_mapping.json`)
  return found && { path: found.path, etag: found.etag }
}

function isNew(
  manifest: LandingManifest | undefined,
  { etag, mapping }: Pick<LandedFile, 'etag' | 'mapping'>,
): boolean {
  if (manifest?.etag !== etag || manifest.status === 'in_progress') return true
  return manifest.status === 'refused' && manifest.mapping_etag !== mapping?.etag
}

async function run(
  file: LandedFile,
  { ports, note, progress, pseudonymKey }: StageContext & FilesOptions,
): Promise<Metrics> {
  const { path, etag, kind, mapping } = file
  const earlier = await readManifest(path, ports.blobs)
  const isSame = earlier?.etag === etag
  if (isSame && earlier.status === 'completed') return { files: 1, ...countsOf(earlier) }
  const isResumed = isSame && earlier.status === 'in_progress'
  const write = async (change: Partial<LandingManifest>) => {
    const updated = new Date(ports.clock()).toISOString()
    const counts = { rows: 0, stored: 0, rejected: 0 }
    const of = { path, etag, kind, version, mapping_etag: mapping?.etag, updated_at: updated }
    await writeManifest({ ...of, status: 'in_progress', ...counts, ...change }, ports.blobs)
  }
  const version = isResumed ? earlier.version : await nextVersion(file, earlier, ports)
  if (!isResumed) await write({})
  await progress(0.1)
  try {
    const taken = await takeFile(file, { version, pseudonymKey }, ports)
    if (!taken) {
      note({ file: path, waiting: 'it was changed or removed while it was read' })
      return { files: 0 }
    }
    const { rows, count: rejected, told } = taken
    const counts = { rows, stored: rows - rejected, rejected }
    for (const row of told) note({ file: path, rejected_row: row })
    await write({ status: 'completed', ...counts })
    note({ file: path, ...counts })
    return { files: 1, ...counts }
  } catch (cause) {
    if (!(cause instanceof RefusedFile)) throw cause
    note({ file: path, refused: cause.message })
    await write({ status: 'refused', reason: cause.message })
    return { files: 1, files_refused: 1 }
  }
}

const countsOf = ({ rows, stored, rejected }: LandingManifest) => ({ rows, stored, rejected })
