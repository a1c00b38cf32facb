import { z } from 'zod'
import type { Blobs } from '../../ports.ts'

/** What became of a landing file; a changed file (another etag) is taken in anew. */
export const LandingManifest = z.object({
  path: z.string(),
  etag: z.string(),
  kind: z.string(),
  /** Counts the contents that came under this name: the table's transaction `landing/<path>` is at the last one taken in. */
  version: z.int().positive(),
  status: z.enum(['in_progress', 'completed', 'refused']),
  /** Of the mapping file it was read by: a refused file is tried again with another. */
  mapping_etag: z.string().optional(),
  /** rows = stored + rejected + erased, once completed. */
  rows: z.int().nonnegative(),
  stored: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  /** Rows of people who were erased; absent where there are none. */
  erased: z.int().positive().optional(),
  reason: z.string().optional(),
  updated_at: z.iso.datetime(),
})
export type LandingManifest = z.infer<typeof LandingManifest>

/** Where manifests are, each under the path of its file. */
export const manifestFolder = 'bronze/_manifests/'
const manifestPath = (path: string) => `${manifestFolder}${path}.json`

export async function readManifest(path: string, blobs: Blobs): Promise<LandingManifest | undefined> {
  const bytes = await blobs.read(manifestPath(path))
  return bytes && LandingManifest.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

export async function writeManifest(manifest: LandingManifest, blobs: Blobs): Promise<void> {
  await blobs.write(manifestPath(manifest.path), Buffer.from(JSON.stringify(manifest)))
}
