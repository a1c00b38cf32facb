import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { expect, onTestFinished, test } from 'vitest'
import { startAzurite } from './azurite.ts'

/** Whether a text stands in any file under a folder. */
async function isOnDisk(text: string, folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text)) return true
  }
  return false
}

test('what was deleted or replaced is on the disk no longer once Azurite has started again, and the rest is', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'azurite-extents-'))
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }))
  const first = await startAzurite({ stateDir })
  const container = BlobServiceClient.fromConnectionString(first.connectionString).getContainerClient('landing')
  await container.create()
  const write = async (name: string, text: string) => {
    await container.getBlockBlobClient(name).uploadData(Buffer.from(text))
  }
  await write('kept', 'kept text')
  // The file of what is empty takes the next blob too.
  await write('empty', '')
  await write('deleted', 'deleted text')
  await write('replaced', 'replaced text')
  expect(await isOnDisk('deleted text', stateDir)).toBe(true)
  await container.deleteBlob('deleted')
  await write('replaced', 'another')
  await first.close()

  const again = await startAzurite({ stateDir })
  onTestFinished(() => again.close())
  await expect.poll(() => isOnDisk('deleted text', stateDir), { timeout: 20_000 }).toBe(false)
  await expect.poll(() => isOnDisk('replaced text', stateDir), { timeout: 20_000 }).toBe(false)
  const service = BlobServiceClient.fromConnectionString(again.connectionString)
  const kept = await service.getContainerClient('landing').getBlobClient('kept').downloadToBuffer()
  expect(kept.toString()).toBe('kept text')
  const empty = await service.getContainerClient('landing').getBlobClient('empty').downloadToBuffer()
  expect(empty.length).toBe(0)
}, 90_000)
