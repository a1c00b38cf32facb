import type { Ports } from '../../ports.ts'
import { ModelManifest } from '../../schemas/model.ts'
import type { Generation } from '../../schemas/published.ts'
import type { ModelDetails } from '../../schemas/service.ts'

/** What a published model was made of, by its manifest; undefined once that was removed with the model's files. */
export async function readLineage(
  { manifest_path: path, manifest_sha256: published }: Generation,
  { blobs, sha256 }: Pick<Ports, 'blobs' | 'sha256'>,
): Promise<NonNullable<ModelDetails['lineage']> | undefined> {
  const bytes = await blobs.read(path)
  if (!bytes) return undefined
  const text = new TextDecoder().decode(bytes)
  const { factors, users, items, parameters, training, base, fit } = ModelManifest.parse(JSON.parse(text))
  const stored = sha256(text)
  return {
    ...{ path, sha256: stored, intact: stored === published, factors, users, items, parameters },
    ...{ training: training ?? null, adds_to: base?.path ?? null },
    fit: fit ? { at: fit.at, users: fit.users, cells: fit.cells, events: fit.events } : null,
  }
}
