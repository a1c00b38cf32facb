import { z } from 'zod'
import type { BlobEntry } from '../../ports.ts'
import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import type { Metrics } from '../../schemas/run.ts'
import { landedAs, landingKinds, landingPrefix, mappingPaths } from './landing-kinds.ts'
import { type LandingManifest, readManifest, writeManifest } from './landing-manifest.ts'
import { RefusedFile } from './refused-file.ts'
import { type LandedFile, nextVersion, takeFile } from './take-file.ts'

/** Where a chunk's files end, about: less than a minute's work. */
const chunkBytes = 64 * 1024 * 1024
const chunkFiles = 50

const File = z.object({
  path: z.string(),
  etag: z.string(),
  kind: z.enum(landingKinds),
  mapping: z.object({ path: z.string(), etag: z.string() }).optional(),
})
/** Files of one kind, in order of their paths. */
const Chunk = z.object({ files: z.array(File) })
type Chunk = z.infer<typeof Chunk>

export interface FilesOptions {
  /** Key of the pseudonyms: what stands for an e-mail is made with it. */
  pseudonymKey: string
}

/** Takes what an ERP dropped into `landing/` into bronze: files that are new or changed, some of a kind to a chunk. */
export function filesStage({ pseudonymKey }: FilesOptions): Stage {
  return stage({
    name: 'files',
    weight: 1,
    parse: raw => Chunk.parse(raw),
    plan,
    run: (chunk, context) => run(chunk, { ...context, pseudonymKey }),
  })
}

async function plan({ ports, note }: StageContext): Promise<Chunk[]> {
  const entries = await Array.fromAsync(ports.blobs.list(landingPrefix))
  const mappings = new Map(entries.filter(({ path }) => landedAs(path) === 'mapping').map(entry => [entry.path, entry]))
  const files: (LandedFile & { bytes: number })[] = []
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
      if (isNew(manifest, { etag, mapping })) files.push({ path, etag, kind, mapping, bytes })
    }
  }
  return chunksOf(files)
}

function chunksOf(files: readonly (LandedFile & { bytes: number })[]): Chunk[] {
  const chunks: Chunk[] = []
  let room = 0
  for (const { bytes, ...file } of files) {
    const last = chunks.at(-1)?.files ?? []
    const isNext = last[0]?.kind === file.kind && last.length < chunkFiles && room > 0
    if (isNext) last.push(file)
    else chunks.push({ files: [file] })
    room = (isNext ? room : chunkBytes) - bytes
  }
  return chunks
}

function mappingOf(path: string, mappings: ReadonlyMap<string, BlobEntry>): LandedFile['mapping'] {
  const found = mappingPaths(path)
    .map(of => mappings.get(of))
    .find(entry => entry !== undefined)
  return found && { path: found.path, etag: found.etag }
}

function isNew(
  manifest: LandingManifest | undefined,
  { etag, mapping }: Pick<LandedFile, 'etag' | 'mapping'>,
): boolean {
  if (manifest?.etag !== etag || manifest.status === 'in_progress') return true
  return manifest.status === 'refused' && manifest.mapping_etag !== mapping?.etag
}

/**
 * Two files at a time: a small one keeps one processor busy, and so does the end of any. What one worker fails at, the other
 * does not stop for: what it took is taken.
 */
async function run({ files }: Chunk, context: StageContext & FilesOptions): Promise<Metrics> {
  const sums: Metrics = {}
  let done = 0
  const toDo = files.values()
  const worker = async () => {
    for (const file of toDo) {
      for (const [name, count] of Object.entries(await take(file, context))) sums[name] = (sums[name] ?? 0) + count
      await context.progress(++done / files.length)
    }
  }
  const failed = (await Promise.allSettled([worker(), worker()])).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return sums
}

async function take(file: LandedFile, { ports, note, pseudonymKey }: StageContext & FilesOptions): Promise<Metrics> {
  const { path, etag, kind, mapping } = file
  // Before anything is waited for: of two files at a time, that of the lower path is the earlier one.
  const ingestedAt = new Date(ports.clock()).toISOString()
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
  try {
    const taken = await takeFile(file, { version, ingestedAt, pseudonymKey }, ports)
    if (!taken) {
      note({ file: path, waiting: 'it was changed or removed while it was read' })
      return { files: 0 }
    }
    const { rows, count: rejected, erased, told } = taken
    const counts = { rows, stored: rows - rejected - erased, rejected, ...(erased > 0 ? { erased } : {}) }
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

const countsOf = ({ rows, stored, rejected, erased }: LandingManifest) => ({
  ...{ rows, stored, rejected },
  ...(erased === undefined ? {} : { erased }),
})
