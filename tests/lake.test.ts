import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { startAzurite } from '../local/azurite/azurite.ts'
import { azureBlobs } from '../shared/adapters/azure/blobs.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import type { DeltaPorts } from '../shared/lake/delta/snapshot.ts'
import { tryOut } from './delta-table.ts'
import { lakeContract } from './lake-contract.ts'

const { sql, uuid } = memoryPorts()
const real = { sql, uuid, clock: Date.now }

lakeContract('memory', async () => ({ ports: async () => memoryPorts(), close: async () => undefined }))

lakeContract('a directory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lake-'))
  let stores = 0
  return {
    ports: async () => {
      stores += 1
      return { ...real, blobs: directoryBlobs(join(root, String(stores))) }
    },
    close: () => rm(root, { recursive: true }),
  }
})

lakeContract('Azure Storage, as Azurite speaks it', async () => {
  const azurite = await startAzurite()
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('silver')
  await container.create()
  const emptied = async (): Promise<DeltaPorts> => {
    for await (const { name } of container.listBlobsFlat({ prefix: tryOut.path.replace('silver/', '') })) {
      await container.deleteBlob(name)
    }
    return { ...real, blobs: azureBlobs(azurite.connectionString) }
  }
  return { ports: emptied, close: azurite.close }
})
