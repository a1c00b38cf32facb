import { createHash } from 'node:crypto'
import type { Blobs } from '../ports.ts'
import type { ContentBlob } from '../schemas/model.ts'

/** Where a model's bytes are kept; they are named by their content and never change. */
export const modelBlobs = 'models/blobs'

/** Keeps bytes under the name that their sha256 makes; the same bytes again are the same blob. */
export async function writeContent(
  bytes: Uint8Array,
  { folder, blobs }: { folder: string; blobs: Pick<Blobs, 'create'> },
): Promise<ContentBlob> {
  const sha256 = hashOf(bytes)
  const path = `${folder}/${sha256}.bin`
  await blobs.create(path, bytes)
  return { path, sha256 }
}

/** Bytes are not those that were written: a fault changed them, or somebody. */
export class OtherBytes extends Error {
  override readonly name = 'OtherBytes'
}

/** @throws Error when there is no such blob, OtherBytes when its bytes are not those that were written */
export async function readContent({ path, sha256 }: ContentBlob, blobs: Pick<Blobs, 'read'>): Promise<Uint8Array> {
  const bytes = await blobs.read(path)
  if (!bytes) throw new Error(`Cannot read ${path}: there is no such blob`)
  const found = hashOf(bytes)
  if (found !== sha256) {
    throw new OtherBytes(`Cannot use ${path} as its sha256 must be ${sha256}: current value is ${found}`)
  }
  return bytes
}

/** sha256 in hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
