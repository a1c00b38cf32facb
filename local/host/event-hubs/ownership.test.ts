import { randomUUID } from 'node:crypto'
import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../../azurite/azurite.ts'
import { abandonOwnerships, checkpointAt, watchOwners } from './ownership.ts'

const consumers = { fullyQualifiedNamespace: 'Space.local', eventHubName: 'Clicks', consumerGroup: '$Default' }
let azurite: Azurite
let container: ContainerClient
let store: CheckpointStore
beforeAll(async () => {
  azurite = await startAzurite()
  container = new ContainerClient(azurite.connectionString, `owners-${randomUUID()}`)
  await container.create()
  store = new BlobCheckpointStore(container)
})
afterAll(() => azurite.close())

const owners = () => store.listOwnership(consumers.fullyQualifiedNamespace, consumers.eventHubName, '$Default')
/** Takes a partition over from whoever has it. */
async function claim(partitionId: string, ownerId: string): Promise<void> {
  const held = (await owners()).find(one => one.partitionId === partitionId)
  const wanted: PartitionOwnership = { ...consumers, partitionId, ownerId, ...(held && { etag: held.etag }) }
  expect(await store.claimOwnership([wanted])).toHaveLength(1)
}

describe('ownership', () => {
  test('watchOwners() tells of partitions in other hands whenever the owners are listed', async () => {
    const lost: string[] = []
    const watched = watchOwners(store, 'me', partitionId => lost.push(partitionId))
    const list = () => watched.listOwnership(consumers.fullyQualifiedNamespace, consumers.eventHubName, '$Default')
    await claim('0', 'me')
    await claim('1', 'other')
    await list()
    expect(lost).toEqual(['1'])
    await claim('0', 'other')
    await list()
    expect(lost).toEqual(['1', '0', '1'])
  })
  test('abandonOwnerships() frees what a former life held, and nothing else', async () => {
    await claim('0', 'me')
    await claim('1', 'other')
    await abandonOwnerships(store, consumers, 'me')
    expect((await owners()).map(({ partitionId, ownerId }) => [partitionId, ownerId])).toEqual([
      ['0', ''],
      ['1', 'other'],
    ])
  })
  test('checkpointAt() is the time a checkpoint was written, or undefined without one', async () => {
    expect(await checkpointAt(container, consumers, '7')).toBeUndefined()
    const before = Date.now() - 1_000
    await store.updateCheckpoint({ ...consumers, partitionId: '7', offset: '1', sequenceNumber: 1 })
    expect((await checkpointAt(container, consumers, '7'))?.getTime()).toBeGreaterThanOrEqual(before)
  })
})
