import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Blobs, Documents, Ports } from '../shared/ports.ts'
import type { Collection } from '../shared/schemas/collections.ts'

/** What the deployment lets an app write that only serves. */
export const { cosmos, blobsWrittenByApi } = z
  .object({ cosmos: z.object({ writtenByApi: z.array(z.string()) }), blobsWrittenByApi: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../infra/resources.json'), 'utf8')))

/** The same ports, but writes that the API's identity may not do in Azure are refused here as well. */
export function asTheApi<P extends Ports>(ports: P): P {
  return { ...ports, documents: documentsOfApi(ports.documents), blobs: blobsOfApi(ports.blobs) }
}

function documentsOfApi(documents: Documents): Documents {
  const writable = <T>(collection: Collection<T>): Collection<T> => {
    if (cosmos.writtenByApi.includes(collection.container)) return collection
    throw new Error(`The API writes to ${collection.container}, which infra/resources.json does not let it`)
  }
  return {
    get requestUnits() {
      return documents.requestUnits
    },
    metered: () => documentsOfApi(documents.metered()),
    read: (collection, key) => documents.read(collection, key),
    readAll: (collection, keys) => documents.readAll(collection, keys),
    query: (collection, conditions) => documents.query(collection, conditions),
    changes: (collection, since) => documents.changes(collection, since),
    create: (collection, document) => documents.create(writable(collection), document),
    upsert: (collection, document) => documents.upsert(writable(collection), document),
    replace: (collection, document, etag) => documents.replace(writable(collection), document, etag),
    remove: (collection, key, etag) => documents.remove(writable(collection), key, etag),
    writeAll: (collection, writes) => documents.writeAll(writable(collection), writes),
  }
}

function blobsOfApi(blobs: Blobs): Blobs {
  const writable = (path: string): string => {
    if (blobsWrittenByApi.some(container => path.startsWith(`${container}/`))) return path
    throw new Error(`The API writes the blob ${path}, which infra/resources.json does not let it`)
  }
  return {
    read: path => blobs.read(path),
    readRange: (path, offset, length) => blobs.readRange(path, offset, length),
    list: prefix => blobs.list(prefix),
    localFile: (path, etag) => blobs.localFile(path, etag),
    write: async (path, bytes) => blobs.write(writable(path), bytes),
    create: async (path, bytes) => blobs.create(writable(path), bytes),
    append: async (path, text) => blobs.append(writable(path), text),
    remove: async path => blobs.remove(writable(path)),
    storeFile: async (path, file) => blobs.storeFile(writable(path), file),
  }
}
