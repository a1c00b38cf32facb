import type { Ports } from '../ports.ts'
import { BackupManifest } from '../schemas/backup.ts'
import { BackupError } from './backup-error.ts'
import { storedCollections } from './containers.ts'
import { eraseAgain } from './erase-again.ts'
import { mendManifests } from './mend-manifests.ts'
import type { Place } from './place.ts'
import { checkEmpty, removeOthers } from './replace-all.ts'
import { restoreBlobs } from './restore-blobs.ts'
import { liveGeneration, restoreDocuments } from './restore-documents.ts'
import { restoreSteps, type Steps } from './restore-steps.ts'

export interface RestoreOptions {
  from: Place
  /** Takes away whatever the shop has that the backup has not; without it the shop must be empty. */
  replace: boolean
  /** Of the pseudonyms by which it is known who was erased. */
  pseudonymKey: string
  say: (line: string) => void
}
export type RestorePorts = Pick<Ports, 'documents' | 'blobs' | 'clock' | 'uuid'>

export interface Restored {
  documents: number
  /** Documents whose time to live was over. */
  expired: number
  blobs: number
  /** People who were erased after the backup was begun, and are to be erased again. */
  erasures: number
}

/**
 * Brings a shop back as it was when it was copied, while the app stands still. Who was erased stays erased: what the shop knows
 * of erasures is kept and added to, and who was erased since is erased again by the app's next look. Called again after an
 * interruption it goes on.
 * @throws BackupError when the backup is none or damaged, the shop is not empty, or in the end it does not hold what it must
 */
export async function restore(options: RestoreOptions, ports: RestorePorts): Promise<Restored> {
  const { from, say } = options
  const manifest = await readManifest(from)
  const steps = await restoreSteps(manifest.id, ports)
  if (!options.replace && !steps.isResumed) await checkEmpty(ports)
  const privacy = storedCollections.filter(({ container }) => container === 'privacy')
  // First of all, so that nobody who was erased is in a list for a moment.
  await documentsOf(manifest, { of: privacy, options, steps, ports })
  const blobs = await restoreBlobs(manifest, { from, say, steps }, ports)
  await mendManifests(manifest, from, ports)
  const others = storedCollections.filter(of => !privacy.includes(of))
  const { documents, expired } = await documentsOf(manifest, { of: others, options, steps, ports })
  if (options.replace) await removeOthers(manifest, from, ports)
  const erasures = await eraseAgain(manifest, options, ports)
  await steps.done('all')
  return { documents, expired, blobs, erasures }
}

async function readManifest({ blobs, prefix }: Place): Promise<BackupManifest> {
  const bytes = await blobs.read(`${prefix}/manifest.json`)
  if (bytes) return BackupManifest.parse(JSON.parse(Buffer.from(bytes).toString()))
  throw new BackupError(`There is no finished backup in ${prefix}: it has no manifest.json`)
}

async function documentsOf(
  manifest: BackupManifest,
  {
    of,
    options,
    steps,
    ports,
  }: { of: typeof storedCollections; options: RestoreOptions; steps: Steps; ports: RestorePorts },
): Promise<{ documents: number; expired: number }> {
  const { from, say } = options
  const live = await liveGeneration(manifest, from)
  const sum = { documents: 0, expired: 0 }
  for (const collection of of) {
    const backedUp = manifest.documents.find(({ container }) => container === collection.container)
    if (!backedUp) continue
    const counts = await restoreDocuments(collection, { backedUp, live, from, steps }, ports)
    say(`documents ${collection.container}: ${counts.documents}${counts.expired ? `, ${counts.expired} expired` : ''}`)
    sum.documents += counts.documents
    sum.expired += counts.expired
  }
  return sum
}
