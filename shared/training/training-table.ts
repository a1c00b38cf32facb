import { readSnapshot, type Snapshot } from '../lake/delta/snapshot.ts'
import { rowsOf } from '../lake/delta/write-table.ts'
import { trainingInteractions } from '../lake/tables/gold-tables.ts'
import type { StageContext } from '../runs/stage.ts'
import { TrainingManifest } from '../schemas/training-manifest.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** Raised when the columns of the training tables mean something else. */
const schemaVersion = 1

const manifestPath = (runId: string) => `gold/_manifests/training/${runId}.json`

/**
 * The training table at the version that this run is trained on: the newest when this is first asked for, and the same
 * one ever after. Undefined when there is no table yet.
 * @throws Error when the version is gone
 */
export async function pinTrainingTable({ runId, ports }: Run): Promise<Snapshot | undefined> {
  const { path: table } = trainingInteractions
  const newest = await readSnapshot(table, ports)
  if (!newest) return undefined
  const manifest: TrainingManifest = {
    tables: [{ table, version: newest.version, ...contentOf(newest, ports), schemaVersion }],
  }
  await ports.blobs.create(manifestPath(runId), Buffer.from(JSON.stringify(manifest)))
  const pinned = (await readTrainingManifest({ runId, ports }))?.tables.find(of => of.table === table)
  if (!pinned || pinned.version === newest.version) return newest
  const snapshot = await readSnapshot(table, ports, { version: pinned.version })
  if (!snapshot)
    throw new Error(`Cannot read version ${pinned.version} of ${table}: the run is trained on it and it is gone`)
  return snapshot
}

/** What the run is trained on; undefined when it pinned nothing. */
export async function readTrainingManifest({ runId, ports }: Run): Promise<TrainingManifest | undefined> {
  const bytes = await ports.blobs.read(manifestPath(runId))
  return bytes && TrainingManifest.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

function contentOf({ files }: Snapshot, { sha256 }: Pick<Run['ports'], 'sha256'>) {
  const rows = [...files.values()].reduce((sum, file) => sum + rowsOf(file), 0)
  return { sha256: sha256([...files.keys()].sort().join('\n')), rows }
}
