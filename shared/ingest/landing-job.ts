import { z } from 'zod'
import type { Ports } from '../ports.ts'
import { type Job, type StageContext, stage } from '../runs/stage.ts'
import type { Metrics } from '../schemas/run.ts'
import { fileKind, fileKinds, landingPrefix, takeIn } from './landing-files.ts'
import { type LandingManifest, readManifest, writeManifest } from './landing-manifest.ts'
import { HeaderError } from './read-csv.ts'
import { emptyParts } from './store-rows.ts'

const LandingChunk = z.object({ path: z.string(), etag: z.string(), kind: z.enum(fileKinds) })
type LandingChunk = z.infer<typeof LandingChunk>

/** Rows stored between two saves of the cursor. */
const partRows = 10_000
/** Rejected rows told in the run's log; all of them are in quarantine. */
const rejectedToldMax = 50

/** Takes in what an ERP dropped into `landing/`: one chunk a file that is new or changed. */
export const landingJob: Job = {
  kind: 'landing',
  stages: [stage({ name: 'files', weight: 1, parse: raw => LandingChunk.parse(raw), plan, run })],
}

async function plan({ ports, note }: StageContext): Promise<LandingChunk[]> {
  const chunks: LandingChunk[] = []
  for await (const { path, etag } of ports.blobs.list(landingPrefix)) {
    const kind = fileKind(path)
    if (!kind) {
      note({ file: path, ignored: `not a CSV file in ${fileKinds.map(name => `${landingPrefix}${name}/`).join(', ')}` })
      continue
    }
    const manifest = await readManifest(path, ports.blobs)
    if (manifest?.etag !== etag || manifest.status === 'in_progress') chunks.push({ path, etag, kind })
  }
  return chunks
}

async function run({ path, etag, kind }: LandingChunk, { ports, progress, note }: StageContext): Promise<Metrics> {
  const { blobs, clock } = ports
  const bytes = await blobs.read(path)
  if (!bytes) {
    note({ file: path, ignored: 'removed before it was read' })
    return { files: 0 }
  }
  const earlier = await readManifest(path, blobs)
  const resumed = earlier?.etag === etag && earlier.status === 'in_progress' ? earlier : undefined
  const now = () => new Date(clock()).toISOString()
  let manifest: LandingManifest = resumed ?? {
    ...{ path, etag, kind, status: 'in_progress', updated_at: now() },
    ...{ parts: 0, rows: 0, stored: 0, unchanged: 0, rejected: 0 },
    parts_before: Math.max(earlier?.parts ?? 0, earlier?.parts_before ?? 0),
  }
  try {
    const parts = takeIn[kind](bytes, { path, skip: manifest.parts, partRows }, ports)
    for await (const { part, bad, stored, unchanged } of parts) {
      await quarantine({ path, part, bad }, ports)
      for (const { raw: _, ...error } of bad.slice(0, rejectedToldMax)) note({ file: path, rejected_row: error })
      manifest = {
        ...manifest,
        parts: part,
        rows: manifest.rows + stored + unchanged + bad.length,
        stored: manifest.stored + stored,
        unchanged: manifest.unchanged + unchanged,
        rejected: manifest.rejected + bad.length,
        updated_at: now(),
      }
      await writeManifest(manifest, blobs)
      await progress(part / (part + 1))
    }
  } catch (cause) {
    if (!(cause instanceof HeaderError)) throw cause
    note({ file: path, refused: cause.message })
    await writeManifest({ ...manifest, status: 'refused', reason: cause.message, updated_at: now() }, blobs)
    return { files: 1, files_refused: 1 }
  }
  if (kind === 'orders') await emptyParts(path, { from: manifest.parts + 1, to: manifest.parts_before }, blobs)
  await writeManifest({ ...manifest, status: 'completed', updated_at: now() }, blobs)
  const { rows, stored, unchanged, rejected } = manifest
  note({ file: path, rows, stored, unchanged, rejected })
  return { files: 1, rows, stored, unchanged, rejected }
}

async function quarantine(
  { path, part, bad }: { path: string; part: number; bad: readonly unknown[] },
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<void> {
  if (bad.length === 0) return
  const lines = bad.map(record => `${JSON.stringify(record)}\n`)
  await blobs.write(`quarantine/${path}/part-${part}.ndjson`, Buffer.from(lines.join('')))
}
