import { encodeFactorRows } from '../../algorithms/factor-rows.ts'
import { readBytes } from '../../runs/run-blobs.ts'
import type { StageContext } from '../../runs/stage.ts'
import { type ContentBlob, type FactorsPart, type ModelManifest, manifestPath } from '../../schemas/model.ts'
import { modelBlobs, readContent, writeContent } from '../content-blobs.ts'
import { readFactorRows } from '../model.ts'
import { ranges } from '../ranges.ts'
import { readTrainingManifest } from '../training-table.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** A part of a factor matrix is one blob: this many bytes at most. */
const partBytes = 8 * 1024 * 1024

/** Keeps bytes with the models, named by their content. */
export const keep = (bytes: Uint8Array, { ports }: Pick<Run, 'ports'>): Promise<ContentBlob> =>
  writeContent(bytes, { folder: modelBlobs, blobs: ports.blobs })

/** Keeps a part of the run's dataset with its model, as it outlives the run. */
export const keepOfDataset = async (name: string, run: Run): Promise<ContentBlob> =>
  keep(await readBytes(run, `dataset/${name}`), run)

/** Keeps the rows of a factor matrix, part by part. */
export async function keepFactors(values: Float32Array, factors: number, run: Run): Promise<FactorsPart[]> {
  const parts: FactorsPart[] = []
  for (const { from, to } of ranges(values.length / factors, Math.max(1, Math.floor(partBytes / (4 * factors))))) {
    const blob = await keep(encodeFactorRows(values.subarray(from * factors, to * factors), factors), run)
    parts.push({ ...blob, from, to })
  }
  return parts
}

/** Keeps the run's manifest, with what the run was trained on. */
export async function keepManifest(manifest: ModelManifest, run: Run): Promise<void> {
  const training = (await readTrainingManifest(run))?.tables
  const kept: ModelManifest = { ...manifest, ...(training ? { training } : {}) }
  await run.ports.blobs.write(manifestPath(run.runId), Buffer.from(JSON.stringify(kept)))
}

/**
 * Rows of an earlier model in the order of now, shape (rows now, factors): row r is the earlier row `before[r]`, zero
 * where that is -1. Parts are read one after the other.
 */
export async function gatherFactors(
  before: Int32Array,
  { parts, factors }: { parts: readonly FactorsPart[]; factors: number },
  { ports }: Pick<Run, 'ports'>,
): Promise<Float32Array> {
  const values = new Float32Array(before.length * factors)
  const nowOf = new Int32Array(Math.max(0, ...parts.map(({ to }) => to))).fill(-1)
  for (const [now, row] of before.entries()) if (row >= 0) nowOf[row] = now
  for (const { from, to } of parts) {
    const rows = await readFactorRows({ parts, factors, from, to }, ports.blobs)
    for (let row = from; row < to; row++) {
      const now = nowOf[row]!
      if (now >= 0) values.set(rows.subarray((row - from) * factors, (row - from + 1) * factors), now * factors)
    }
  }
  return values
}

/** What an earlier manifest names. @throws Error when it is gone or another */
export const readKept = (blob: ContentBlob, { ports }: Pick<Run, 'ports'>): Promise<Uint8Array> =>
  readContent(blob, ports.blobs)
