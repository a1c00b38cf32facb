import type { Ports } from '../ports.ts'
import { BackedUpBlob, type BackupManifest } from '../schemas/backup.ts'
import { BackupError } from './backup-error.ts'
import { backedUpContainers, keptContainers, StoredDocument, shopContainers, storedCollections } from './containers.ts'
import { forEachOf, type Place, readLines } from './place.ts'

type Stores = Pick<Ports, 'documents' | 'blobs'>

/** @throws BackupError naming the first thing of a shop that is there */
export async function checkEmpty({ documents, blobs }: Stores): Promise<void> {
  const refuse = (what: string) => {
    throw new BackupError(`The shop is not empty, as there is ${what}: --replace takes away what the backup has not`)
  }
  for (const collection of storedCollections.filter(({ container }) => shopContainers.includes(container))) {
    for await (const [document] of documents.query(collection, { limit: 1 })) {
      if (document) refuse(`the document ${document.id} in ${collection.container}`)
    }
  }
  for (const container of backedUpContainers.filter(name => shopContainers.includes(name))) {
    for await (const { path } of blobs.list(`${container}/`)) refuse(`the blob ${path}`)
  }
}

/** Takes away documents and blobs that a backup has not, but for what tells of erasures and administrators. */
export async function removeOthers(manifest: BackupManifest, from: Place, { documents, blobs }: Stores): Promise<void> {
  for (const collection of storedCollections.filter(({ container }) => !keptContainers.includes(container))) {
    const known = new Set<string>()
    const { parts = [] } = manifest.documents.find(({ container }) => container === collection.container) ?? {}
    for (const part of parts) {
      for (const document of await readLines(part, StoredDocument, from)) known.add(keyText(collection.key(document)))
    }
    for await (const page of documents.changes(collection, 0)) {
      const others = page.filter(({ key }) => !known.has(keyText(key)))
      await forEachOf(others, async ({ key }) => void (await documents.remove(collection, key)))
    }
  }
  for (const { container, index } of manifest.blobs.filter(of => !keptContainers.includes(of.container))) {
    const known = new Set((await readLines(index, BackedUpBlob, from)).map(({ path }) => path))
    const others: string[] = []
    for await (const { path } of blobs.list(`${container}/`)) if (!known.has(path)) others.push(path)
    await forEachOf(others, path => blobs.remove(path))
  }
}

const keyText = ({ id, partition }: { id: string; partition: string }) => JSON.stringify([partition, id])
