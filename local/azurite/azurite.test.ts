import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { azuriteFaults } from '../faults/fault-plan.ts'
import { anyPort } from '../ports.ts'
import { projectRoot } from '../project-root.ts'
import { type Azurite, startAzurite } from './azurite.ts'

async function untilTestEnds(started: Promise<Azurite>): Promise<Azurite> {
  const azurite = await started
  onTestFinished(() => azurite.close())
  return azurite
}

describe('Azurite as a child', () => {
  test('keeps what it has acknowledged when it is stopped, and is the version that is pinned', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'azurite-'))
    onTestFinished(() => rm(stateDir, { recursive: true }))
    const first = await startAzurite({ stateDir })
    const container = BlobServiceClient.fromConnectionString(first.connectionString).getContainerClient('kept')
    await container.create()
    const { _response } = await container.getBlockBlobClient('a').upload('one', 3)
    const { devDependencies } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
    expect(_response.headers.get('server')).toBe(`Azurite-Blob/${devDependencies.azurite}`)
    await first.close()
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH')
    const again = await untilTestEnds(startAzurite({ stateDir }))
    const blobs = BlobServiceClient.fromConnectionString(again.connectionString)
    const kept = blobs.getContainerClient('kept').getBlobClient('a')
    expect((await kept.downloadToBuffer()).toString()).toBe('one')
  })

  test('names a port that is taken, and what it was for', async () => {
    const queuePort = await anyPort()
    const other = createServer().listen(queuePort, '127.0.0.1')
    onTestFinished(() => void other.close())
    await expect(startAzurite({ queuePort })).rejects.toThrow(
      `Port ${queuePort} is taken, where Azurite is to serve queues`,
    )
  })

  test('that is not ready in time is ended, and what it said is told', async () => {
    await expect(startAzurite({ readyWithinMs: 1 })).rejects.toThrow('Azurite was not ready within 1 ms: ')
  })
})

describe('faults of storage', () => {
  const faults = azuriteFaults()
  let azurite: Azurite
  let containers = 0
  beforeAll(async () => {
    azurite = await startAzurite({ faults })
  })
  afterAll(() => azurite.close())
  beforeEach(() => faults.clear())

  const retryOptions = { maxTries: 4, retryDelayInMs: 1, maxRetryDelayInMs: 2 }
  async function newContainer() {
    containers += 1
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString, { retryOptions })
    const container = service.getContainerClient(`landing-${containers}`)
    await container.create()
    return container
  }

  test('the SDK tries again after a 503, of the service and path that the rule names', async () => {
    const container = await newContainer()
    const busy = { type: 'status', status: 503 }
    faults.set([{ match: { service: 'blob', method: 'PUT', path: '*/lake/*' }, action: busy, times: 2 }])
    await container.getBlockBlobClient('other').upload('x', 1)
    await container.getBlockBlobClient('lake/a').upload('one', 3)
    expect(faults.read()).toMatchObject([{ matched: 3, applied: 2 }])
    faults.set([{ match: { service: 'blob', path: '*/lake/a' }, action: busy }])
    await expect(container.getBlobClient('lake/a').downloadToBuffer()).rejects.toMatchObject({
      statusCode: 503,
      details: { errorCode: 'ServerBusy' },
    })
    expect(faults.read()).toMatchObject([{ applied: 4 }])
    faults.clear()
    expect((await container.getBlobClient('lake/a').downloadToBuffer()).toString()).toBe('one')
  })

  test('a create-only write whose acknowledgement is lost meets itself when the SDK tries again', async () => {
    const container = await newContainer()
    faults.set([{ match: { path: '*/once' }, action: { type: 'drop', when: 'after' }, times: 1 }])
    const create = container.getBlockBlobClient('once').upload('x', 1, { conditions: { ifNoneMatch: '*' } })
    await expect(create).rejects.toMatchObject({ statusCode: 409, code: 'BlobAlreadyExists' })
  })

  test('a message whose acknowledgement is lost is in the queue twice once the SDK has tried again', async () => {
    const queue = QueueServiceClient.fromConnectionString(azurite.connectionString, { retryOptions }).getQueueClient(
      'work',
    )
    await queue.create()
    faults.set([
      { match: { service: 'queue', path: 'work/messages' }, action: { type: 'drop', when: 'after' }, times: 1 },
    ])
    await queue.sendMessage('once')
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 5 })
    expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual(['once', 'once'])
  })

  test('large blobs stream through as they are', async () => {
    const container = await newContainer()
    const bytes = Buffer.alloc(20_000_000, 'line of a delta table\n')
    await container.getBlockBlobClient('large').uploadData(bytes, { blockSize: 4_000_000 })
    expect((await container.getBlobClient('large').downloadToBuffer()).equals(bytes)).toBe(true)
  })

  test('new connections of one service are refused', async () => {
    faults.set([{ match: { service: 'queue' }, action: { type: 'refuse' } }])
    // The SDK goes on with the connections it has; a new one is a socket.
    await expect(newConnection('Queue')).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) })
    expect(await newConnection('Blob')).toMatch(/^HTTP\/1\.1 4/)
  })

  async function newConnection(service: 'Blob' | 'Queue'): Promise<string> {
    const [, port] = new RegExp(`${service}Endpoint=http://127.0.0.1:(\\d+)`).exec(azurite.connectionString) ?? []
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('GET /devstoreaccount1/none HTTP/1.1\r\nhost: x\r\n\r\n')
    const [data] = await once(socket, 'data')
    socket.destroy()
    return String(data)
  }
})
