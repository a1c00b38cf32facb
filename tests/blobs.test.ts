import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { expect, test } from 'vitest'
import { startAzurite } from '../local/azurite.ts'
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
  const stateDir = await mkdtemp(join(tmpdir(), 'azurite-'))
  const [blobPort, queuePort, tablePort] = await freePorts()
  const azurite = await startAzurite({ blobPort, queuePort, tablePort, stateDir })
  await BlobServiceClient.fromConnectionString(azurite.connectionString).createContainer(contractContainer)
  return {
    blobs: azureBlobs(azurite.connectionString),
    close: async () => {
      await azurite.close()
      await rm(stateDir, { recursive: true })
    },
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

/** Three ports that nobody listened to a moment ago. */
async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const
  const ports = servers.map(
    server =>
      new Promise<number>(resolve =>
        server.listen(0, '127.0.0.1', () => {
          const address = server.address()
          resolve(typeof address === 'object' && address ? address.port : 0)
        }),
      ),
  )
  const [blob = 0, queue = 0, table = 0] = await Promise.all(ports)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return [blob, queue, table]
}
