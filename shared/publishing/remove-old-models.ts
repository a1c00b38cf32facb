import type { Ports } from '../ports.ts'
import { leaseKey } from '../runs/ledger.ts'
import { collections } from '../schemas/collections.ts'
import { blobsOf } from '../schemas/model.ts'
import { modelBlobs } from '../training/content-blobs.ts'
import { parseManifest } from '../training/model.ts'
import { readLivePointer } from './live-pointer.ts'

/**
 * Removes models of increments that can neither be served nor returned to, and bytes that no model left names; resolves
 * to how many. Models of full fits stay. Does nothing once a later run has begun: its model is not named yet.
 * @param of the run that has just gone live
 */
export async function removeOldModels(
  { runId, token }: { runId: string; token: number },
  ports: Pick<Ports, 'blobs' | 'documents'>,
): Promise<number> {
  const { blobs, documents } = ports
  const inUse = new Set([runId, ...(await runsInUse(ports))])
  const named = new Set<string>()
  const old: string[] = []
  const bytesOfModels: string[] = []
  for await (const { path } of blobs.list('models/')) {
    if (path.startsWith(`${modelBlobs}/`)) bytesOfModels.push(path)
    const [, run = '', file] = path.split('/')
    if (file !== 'model.json') continue
    const bytes = await blobs.read(path)
    const manifest = bytes && parseManifest(bytes)
    if (!manifest) continue
    if (manifest.base && !inUse.has(run)) old.push(path)
    else for (const blob of blobsOf(manifest)) named.add(blob.path)
  }
  const removed = [...old, ...bytesOfModels.filter(path => !named.has(path))]
  const lease = await documents.read(collections.leases, leaseKey('refresh'))
  if ((lease?.document.token ?? token) !== token) return 0
  for (const path of removed) await blobs.remove(path)
  return removed.length
}

/** Runs whose models are live, or were before. */
async function runsInUse({ documents }: Pick<Ports, 'documents'>): Promise<string[]> {
  const live = await readLivePointer(documents)
  const versions = [live?.model_version, live?.previous?.model_version].filter(version => version !== undefined)
  const generations = await Promise.all(
    versions.map(version => documents.read(collections.generations, { id: version, partition: version })),
  )
  return generations.flatMap(generation => (generation ? [generation.document.run_id] : []))
}
