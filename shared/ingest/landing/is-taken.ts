import type { BlobEntry, Ports } from '../../ports.ts'
import { landedAs } from './landing-kinds.ts'
import { readManifest } from './landing-manifest.ts'

/** Whether a file in `landing/` is of no use any more: what it holds was taken in, or never can be. */
export async function isTaken(
  { path, etag }: Pick<BlobEntry, 'path' | 'etag'>,
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<boolean> {
  const kind = landedAs(path)
  if (kind === 'unknown') return true
  if (kind === 'mapping' || kind === 'unfinished') return false
  const manifest = await readManifest(path, blobs)
  return manifest?.etag === etag && manifest.status !== 'in_progress'
}
