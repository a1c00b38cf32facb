import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Azurite, startAzurite } from '../../azurite/azurite.ts'
import { contract } from '../../contract.ts'
import { type StorageQueue, storageQueue } from '../queues/storage-queue.ts'
import { parseStorageConnection } from '../storage/storage-account.ts'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'

const rule = contract({
  host: 'Azure/azure-functions-host/src/WebJobs.Script.WebHost/Controllers/HostController.cs',
})

let azurite: Azurite
let host: TestAppHost
let work: StorageQueue
beforeAll(async () => {
  azurite = await startAzurite()
  work = storageQueue(parseStorageConnection(azurite.connectionString, 'test'), 'work')
  host = await startTestApp(
    { AzureWebJobsStorage: azurite.connectionString, WORK_QUEUE: 'work', TICK_SCHEDULE: '0 0 0 1 1 *' },
    { scale: { toZero: true, pollMs: 100, quietMs: 600 } },
  )
})
afterAll(async () => {
  await host.drain()
  await azurite.close()
})

const send = (n: number, waitMs = 0) => work.send(Buffer.from(JSON.stringify({ n, waitMs })).toString('base64'))
const numbers = async (name: 'work' | 'work-done') =>
  (await host.records<{ message: { n: number } }>(name)).map(({ message }) => message.n)
const status = async () => (await host.admin({ action: 'drainStatus' })).status

describe('drain mode', () => {
  rule('host', 'is disabled until it is asked for', async () => {
    expect(await status()).toEqual({ state: 'Disabled', outstandingInvocations: 0 })
  })
  rule('host', 'takes no new work while what runs finishes, and is completed behind that', async () => {
    await send(1, 1_500)
    await host.until(async () => (await numbers('work')).includes(1))
    await host.admin({ action: 'drain' })
    expect(await status()).toEqual({ state: 'InProgress', outstandingInvocations: 1 })
    await send(2)
    await host.until(async () => (await status())?.state === 'Completed')
    expect(await status()).toEqual({ state: 'Completed', outstandingInvocations: 0 })
    expect(await numbers('work-done')).toEqual([1])
  })
  rule('host', 'answers HTTP all the same, and takes no order to start a function by hand', async () => {
    expect((await fetch(`${host.url}/api/ping`)).status).toBe(200)
    expect(await host.admin({ action: 'trigger', functionName: 'tick', input: undefined })).toEqual({
      error: 'Function "tick" takes no work: the host is in drain mode',
    })
  })
  rule('host', 'holds for an instance that is started again', async () => {
    const before = host.pidOf('work')
    process.kill(before, 'SIGKILL')
    await host.until(() =>
      host.events.some(event => event.type === 'listening' && event.group === 'work' && event.pid !== before),
    )
    expect((await status())?.state).toBe('Completed')
    expect(await numbers('work')).toEqual([1])
  })
  rule('host', 'ends by resume: what waited is taken', async () => {
    await host.admin({ action: 'resume' })
    await host.until(async () => (await numbers('work-done')).includes(2))
    expect((await status())?.state).toBe('Disabled')
    expect(await host.admin({ action: 'trigger', functionName: 'tick', input: undefined })).toEqual({})
    await host.until(async () => (await host.records('tick-done')).length === 1)
  })
})
