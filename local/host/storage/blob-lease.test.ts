import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../../azurite/azurite.ts'
import { blobLease } from './blob-lease.ts'
import { ownerId } from './owner-id.ts'
import { parseStorageConnection } from './storage-account.ts'

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.close())
const lease = (path: string, leaseId: string) =>
  blobLease({ account: parseStorageConnection(azurite.connectionString, 'test'), path, leaseId, seconds: 15 })

describe('blobLease()', () => {
  test('is held by one at a time, and free for the next once released', async () => {
    const [first, second] = [lease('locks/a', randomUUID()), lease('locks/a', randomUUID())]
    expect([await first.acquire(), await second.acquire()]).toEqual([true, false])
    expect([await first.renew(), await second.renew()]).toEqual([true, false])
    await second.release()
    expect(await first.renew()).toBe(true)
    await first.release()
    expect([await second.acquire(), await first.renew()]).toEqual([true, false])
  })
  test('is had back at once by the owner who died with it', async () => {
    const leaseId = ownerId({ hostRun: 'r', functionName: 'tick', instance: 0 })
    expect(await lease('locks/b', leaseId).acquire()).toBe(true)
    expect(await lease('locks/b', leaseId).acquire()).toBe(true)
    const other = ownerId({ hostRun: 'r', functionName: 'tick', instance: 1 })
    expect(await lease('locks/b', other).acquire()).toBe(false)
  })
})
