import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob'
import type { BlobEntry, Blobs } from '../../ports.ts'
import { once } from './once.ts'

/** Blobs in Azure Storage; containers are made by the deployment, never here. */
export function azureBlobs(connectionString: string): Blobs {
  const service = once(async (): Promise<BlobServiceClient> => {
    const { BlobServiceClient } = await import('@azure/storage-blob')
    return BlobServiceClient.fromConnectionString(connectionString)
  })
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
    async *list(prefix): AsyncIterable<BlobEntry> {
      const { container, name } = await at(prefix)
      for await (const { name: found, properties } of container.listBlobsFlat({ prefix: name })) {
        const { contentLength = 0, etag = '' } = properties
        yield { path: `${container.containerName}/${found}`, bytes: contentLength, etag }
      }
    },
  }
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
