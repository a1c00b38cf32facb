import { decodeFactorRows } from '../algorithms/factor-rows.ts'
import type { Blobs } from '../ports.ts'
import { type ContentBlob, type FactorsPart, ModelManifest, manifestPath } from '../schemas/model.ts'
import { hashOf, readContent } from './content-blobs.ts'
import type { Range } from './ranges.ts'

/** What a run's stage factors made. @throws Error when it is not there */
export async function readManifest(runId: string, blobs: Pick<Blobs, 'read'>): Promise<ModelManifest> {
  return parseManifest(await manifestBytes(runId, blobs))
}

export function parseManifest(bytes: Uint8Array): ModelManifest {
  return ModelManifest.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

/** The manifest's name and hash, for who is to know later that it is the same. @throws Error when it is not there */
export async function manifestContent(runId: string, blobs: Pick<Blobs, 'read'>): Promise<ContentBlob> {
  return { path: manifestPath(runId), sha256: hashOf(await manifestBytes(runId, blobs)) }
}

async function manifestBytes(runId: string, blobs: Pick<Blobs, 'read'>): Promise<Uint8Array> {
  const path = manifestPath(runId)
  const bytes = await blobs.read(path)
  if (!bytes) throw new Error(`Cannot read ${path}: the stage factors did not write it`)
  return bytes
}

interface FactorRows extends Range {
  parts: readonly FactorsPart[]
  factors: number
}

/**
 * Rows of a factor matrix, from the parts that hold them and no others; shape (to - from, factors).
 * @throws Error when a part is missing or is not what was written; RangeError when the parts do not hold all rows
 */
export async function readFactorRows(rows: FactorRows, blobs: Pick<Blobs, 'read'>): Promise<Float32Array> {
  const values = new Float32Array((rows.to - rows.from) * rows.factors)
  await readFactorRowsInto(values, rows, blobs)
  return values
}

/** As `readFactorRows`, into memory that is there already. */
export async function readFactorRowsInto(
  into: Float32Array,
  { parts, factors, from, to }: FactorRows,
  blobs: Pick<Blobs, 'read'>,
): Promise<void> {
  let next = from
  for (const part of parts) {
    if (part.to <= next || part.from >= to || part.to === part.from) continue
    if (part.from > next) break
    const values = decodeFactorRows(await readContent(part, blobs), { rows: part.to - part.from, factors })
    const end = Math.min(part.to, to)
    into.set(values.subarray((next - part.from) * factors, (end - part.from) * factors), (next - from) * factors)
    next = end
  }
  if (next < to) throw new RangeError(`Cannot read factor rows ${from} to ${to} as the parts hold none from ${next} on`)
}
