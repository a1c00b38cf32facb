import type { Ports } from '../ports.ts'
import { BackedUpDocuments, BackupBegun, type BackupManifest } from '../schemas/backup.ts'
import { backUpBlobs } from './back-up-blobs.ts'
import { backUpDocuments } from './back-up-documents.ts'
import { BackupError } from './backup-error.ts'
import { checkTables } from './check-tables.ts'
import { storedCollections } from './containers.ts'
import { type Place, readJournal } from './place.ts'

export type BackupPorts = Pick<Ports, 'documents' | 'blobs' | 'sql' | 'clock' | 'uuid'>

/**
 * Copies all documents and blobs of the app, while it goes on working, and proves that they go together. Called again after
 * an interruption it goes on: documents by container, blobs by their versions.
 * @throws BackupError for a place that holds a finished backup, and when a table was rewritten
 * under its hands: called again it takes the table anew
 */
export async function backUp(
  { to, say }: { to: Place; say: (line: string) => void },
  ports: BackupPorts,
): Promise<BackupManifest> {
  const { blobs, prefix } = to
  if (await blobs.read(`${prefix}/manifest.json`)) {
    throw new BackupError(`There is a finished backup in ${prefix}: give another place`)
  }
  const begun = await begin(to, ports)
  const journal = `${prefix}/journal/documents.jsonl`
  const known = new Map((await readJournal(journal, BackedUpDocuments, blobs)).map(of => [of.container, of]))
  const documents: BackedUpDocuments[] = []
  const [privacy, ...others] = [...storedCollections].reverse()
  for (const collection of others.reverse()) {
    const before = known.get(collection.container)
    const copied = before ?? (await backUpDocuments(collection, to, ports))
    if (!before) await blobs.append(journal, `${JSON.stringify(copied)}\n`)
    documents.push(copied)
    say(`documents ${copied.container}: ${copied.documents}${before ? ', copied before' : ''}`)
  }
  const copiedBlobs = await backUpBlobs({ to, say }, ports)
  await checkTables(to, copiedBlobs, ports)
  // Never from an earlier try: who was erased meanwhile must be among them.
  if (privacy) documents.push(await backUpDocuments(privacy, to, ports))
  const manifest: BackupManifest = {
    ...{ version: 1, ...begun, completed_at: new Date(ports.clock()).toISOString() },
    ...{ documents, blobs: copiedBlobs },
  }
  await blobs.write(`${prefix}/manifest.json`, Buffer.from(JSON.stringify(manifest)))
  return manifest
}

async function begin({ blobs, prefix }: Place, { clock, uuid }: Pick<Ports, 'clock' | 'uuid'>) {
  const path = `${prefix}/begun.json`
  const now = new Date(clock()).toISOString()
  await blobs.create(path, Buffer.from(JSON.stringify({ id: uuid().replaceAll('-', ''), started_at: now })))
  return BackupBegun.parse(JSON.parse(Buffer.from((await blobs.read(path)) ?? []).toString()))
}
