import type { BlobServiceClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import type { BlobEntry, Blobs } from '../../ports.ts'
import { beyondBlobEnd, checkBlobRange } from '../../schemas/blob-range.ts'
import { blobCache } from './blob-cache.ts'
import type { Connection } from './connections.ts'
import { once } from './once.ts'
import type { StorageMeter } from './storage-meter.ts'

/** Blobs in Azure Storage; containers are made by the deployment, never here. */
export function azureBlobs(connection: Connection, meter?: StorageMeter): Blobs {
  const service = once(async (): Promise<BlobServiceClient> => {
    const { BlobServiceClient } = await import('@azure/storage-blob')
    const client =
      typeof connection === 'string'
        ? BlobServiceClient.fromConnectionString(connection)
        : new BlobServiceClient(connection.address, await connection.identity())
    return meter?.count('blob', client) ?? client
  })
  const downloaded = blobCache()
  const at = async (path: string): Promise<{ container: ContainerClient; name: string }> => {
    const slash = path.indexOf('/')
    if (slash < 1)
      throw new RangeError(`Cannot reach a blob as its path must be container/name: current value is ${path}`)
    return { container: (await service()).getContainerClient(path.slice(0, slash)), name: path.slice(slash + 1) }
  }
  return {
    read: async path => {
      const { container, name } = await at(path)
      return unless(404, () => container.getBlockBlobClient(name).downloadToBuffer())
    },
    readRange: async (path, offset, length) => {
      checkBlobRange(path, offset, length)
      const { container, name } = await at(path)
      return unless(404, () => rangeOf(container.getBlockBlobClient(name), { path, offset, length }))
    },
    write: async (path, bytes) => {
      const { container, name } = await at(path)
      await container.getBlockBlobClient(name).uploadData(bytes)
    },
    create: async (path, bytes) => {
      const { container, name } = await at(path)
      const blob = container.getBlockBlobClient(name)
      return (await unless(409, () => blob.uploadData(bytes, { conditions: { ifNoneMatch: '*' } }))) !== undefined
    },
    append: async (path, text) => {
      const { container, name } = await at(path)
      const blob = container.getAppendBlobClient(name)
      const bytes = Buffer.from(text)
      const add = () => blob.appendBlock(bytes, bytes.length)
      if ((await unless(404, add)) !== undefined) return
      await blob.createIfNotExists()
      await add()
    },
    remove: async path => {
      const { container, name } = await at(path)
      await container.getBlobClient(name).deleteIfExists()
    },
    localFile: async (path, etag) => {
      const { container, name } = await at(path)
      const blob = container.getBlockBlobClient(name)
      // Listings give etags without the quotes that RFC 9110 has conditions written with.
      const options = etag === undefined ? {} : { conditions: { ifMatch: `"${etag.replaceAll('"', '')}"` } }
      return downloaded(`${path} ${etag ?? ''}`, file =>
        unless(412, () => unless(404, () => blob.downloadToFile(file, 0, undefined, options))),
      )
    },
    storeFile: async (path, file) => {
      const { container, name } = await at(path)
      await container.getBlockBlobClient(name).uploadFile(file)
    },
    async *list(prefix): AsyncIterable<BlobEntry> {
      const { container, name } = await at(prefix)
      for await (const { name: found, properties } of container.listBlobsFlat({ prefix: name })) {
        const { contentLength = 0, etag = '', lastModified } = properties
        const path = `${container.containerName}/${found}`
        yield { path, bytes: contentLength, etag, modifiedMs: lastModified.getTime() }
      }
    },
  }
}

/** One request; a range that is empty asks for the blob's size instead, as HTTP knows no empty range. */
async function rangeOf(
  blob: BlockBlobClient,
  range: { path: string; offset: number; length: number },
): Promise<Uint8Array> {
  const { path, offset, length } = range
  if (length === 0) {
    const { contentLength = 0 } = await blob.getProperties()
    if (contentLength < offset) throw beyondBlobEnd(path, offset)
    return new Uint8Array()
  }
  const answer = await unless(416, () => blob.download(offset, length))
  if (answer?.contentLength !== length || !answer.readableStreamBody) throw beyondBlobEnd(path, offset + length)
  const bytes = new Uint8Array(length)
  let read = 0
  for await (const part of answer.readableStreamBody) {
    bytes.set(Buffer.from(part), read)
    read += part.length
  }
  return bytes
}

/** A refused condition or a missing blob is an answer: undefined. */
async function unless<T>(status: number, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof Error && 'statusCode' in cause && cause.statusCode === status) return undefined
    throw cause
  }
}
