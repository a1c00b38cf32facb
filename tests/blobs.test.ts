import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { expect, test } from 'vitest'
import { startAzurite } from '../local/azurite/azurite.ts'
import { azureBlobs } from '../shared/adapters/azure/blobs.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryBlobs } from '../shared/adapters/memory/blobs.ts'
import { blobsContract, contractContainer } from './blobs-contract.ts'

blobsContract('memory', async () => ({ blobs: memoryBlobs(), close: async () => undefined }))

blobsContract('a directory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'blobs-'))
  return { blobs: directoryBlobs(root), close: () => rm(root, { recursive: true }) }
})

blobsContract('Azure Storage, as Azurite speaks it', async () => {
  const azurite = await startAzurite()
  await BlobServiceClient.fromConnectionString(azurite.connectionString).createContainer(contractContainer)
  return {
    blobs: azureBlobs(azurite.connectionString),
    close: azurite.close,
  }
})

test('a directory holds nothing but the blobs: a write or a refused create leaves no rest', async () => {
  const root = await mkdtemp(join(tmpdir(), 'blobs-'))
  const blobs = directoryBlobs(root)
  await blobs.write('gold/rules.json', Buffer.from('[]'))
  await blobs.create('gold/rules.json', Buffer.from('[1]'))
  expect(await readdir(root, { recursive: true })).toEqual(['gold', join('gold', 'rules.json')])
  await rm(root, { recursive: true })
})

test.each(['rules.json', '/etc/passwd', 'gold/../../secret', 'gold/./x', '../x/y', 'gold'])(
  'a directory gives nothing outside of it: %s is refused',
  async path => {
    const blobs = directoryBlobs(join(tmpdir(), 'never-made'))
    const named = `its path must be container/name: current value is ${path}`
    await expect(async () => blobs.read(path)).rejects.toThrow(named)
    await expect(blobs.write(path, Buffer.from('x'))).rejects.toThrow(named)
    await expect(Array.fromAsync(blobs.list(path))).rejects.toThrow(named)
  },
)
