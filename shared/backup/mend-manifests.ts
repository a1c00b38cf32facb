import { mappingPaths } from '../ingest/landing/landing-kinds.ts'
import { manifestFolder, readManifest, writeManifest } from '../ingest/landing/landing-manifest.ts'
import type { Ports } from '../ports.ts'
import { BackedUpBlob, type BackupManifest } from '../schemas/backup.ts'
import { type Place, readLines } from './place.ts'

/**
 * A landing file that was taken in is known by its version, and a restored one has another: its manifest gets the new one,
 * or its rows would be taken in again.
 */
export async function mendManifests(
  manifest: BackupManifest,
  from: Place,
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<void> {
  const landing = manifest.blobs.find(({ container }) => container === 'landing')
  if (!landing) return
  const before = new Map((await readLines(landing.index, BackedUpBlob, from)).map(({ path, etag }) => [path, etag]))
  const now = new Map<string, string>()
  for await (const { path, etag } of blobs.list('landing/')) now.set(path, etag)
  /** The version now of one of some files, if that is what was known before. */
  const mended = (known: string | undefined, paths: readonly string[]) => {
    const path = paths.find(of => known !== undefined && before.get(of) === known)
    return path === undefined ? known : (now.get(path) ?? known)
  }
  const files: string[] = []
  for await (const { path } of blobs.list(manifestFolder)) files.push(path.slice(manifestFolder.length, -5))
  for (const file of files) {
    const taken = await readManifest(file, blobs)
    if (!taken) continue
    const etag = mended(taken.etag, [file]) ?? taken.etag
    const mapping_etag = mended(taken.mapping_etag, mappingPaths(file))
    if (etag === taken.etag && mapping_etag === taken.mapping_etag) continue
    await writeManifest({ ...taken, etag, mapping_etag }, blobs)
  }
}
