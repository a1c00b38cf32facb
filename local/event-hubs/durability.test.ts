import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startEventHubs } from './broker.ts'
import { hubs, temporaryBroker, temporaryDir } from './broker-fixture.ts'
import { bodies, consumerOf, producerOf, receive } from './contract/clients.ts'
import { eventHubsDurability } from './event-hubs-durability.ts'

const hub = 'interactions'
const from = { offset: '-1' }
const hourMs = 3_600_000

describe('durability', () => {
  test('events, places and hubs are kept over a restart', async () => {
    const stateDir = await temporaryDir()
    const first = await startEventHubs({ port: 0, stateDir, hubs })
    const producer = producerOf({ ...first, hub })
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '1' })
    const before = [await producer.getEventHubProperties(), await producer.getPartitionProperties('1')]
    await producer.close()
    await first.close()
    const second = { ...(await temporaryBroker({ stateDir, hubs: [] })), hub }
    const again = producerOf(second)
    expect([await again.getEventHubProperties(), await again.getPartitionProperties('1')]).toEqual(before)
    await again.sendBatch([{ body: 'c' }], { partitionId: '1' })
    const events = await receive(consumerOf(second), { partition: '1', from, count: 3 })
    expect(events.map(({ body, sequenceNumber }) => [body, sequenceNumber])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
  })

  test('another number of partitions than stored is refused, naming both', async () => {
    const stateDir = await temporaryDir()
    await (await startEventHubs({ port: 0, stateDir, hubs })).close()
    const changed = [{ name: hub, partitions: 3, consumerGroups: [] }]
    await expect(startEventHubs({ port: 0, stateDir, hubs: changed })).rejects.toThrow(
      'Hub interactions was created with 2 partitions and cannot change to 3',
    )
    await (await startEventHubs({ port: 0, stateDir, hubs })).close()
  })

  test('a taken port is the original error, and leaves the state to the next start', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const stateDir = await temporaryDir()
    await expect(startEventHubs({ port, stateDir, hubs })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await (await startEventHubs({ port: 0, stateDir, hubs })).close()
  })

  test('two brokers cannot share a state folder', async () => {
    const stateDir = await temporaryDir()
    await temporaryBroker({ stateDir })
    await expect(startEventHubs({ port: 0, stateDir, hubs })).rejects.toThrow('is another broker using it?')
  })

  test('events older than the retention are removed, and the numbers go on', async () => {
    const stateDir = await temporaryDir()
    const old = await startEventHubs({ port: 0, stateDir, hubs, now: () => Date.now() - 3 * hourMs })
    const producer = producerOf({ ...old, hub })
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '0' })
    const { lastEnqueuedOffset, lastEnqueuedOnUtc } = await producer.getPartitionProperties('0')
    await producer.close()
    await old.close()
    const kept = { beginningSequenceNumber: 0, lastEnqueuedSequenceNumber: 1, lastEnqueuedOffset, lastEnqueuedOnUtc }
    const long = await startEventHubs({ port: 0, stateDir, hubs, retentionHours: 4 })
    expect(await producerOf({ ...long, hub }).getPartitionProperties('0')).toMatchObject({ isEmpty: false, ...kept })
    await long.close()
    const short = { ...(await temporaryBroker({ stateDir, retentionHours: 2 })), hub }
    const again = producerOf(short)
    const trimmed = { ...kept, beginningSequenceNumber: 2, isEmpty: true }
    expect(await again.getPartitionProperties('0')).toMatchObject(trimmed)
    await again.sendBatch([{ body: 'c' }], { partitionId: '0' })
    const events = await receive(consumerOf(short), { from: { sequenceNumber: 0 }, count: 1 })
    expect([bodies(events), events[0]?.sequenceNumber]).toEqual([['c'], 2])
  })

  test('kill -9 under load loses no acknowledged event and leaves no gap', async () => {
    const { rounds, acknowledged, lost, gaps } = await eventHubsDurability({ rounds: 4 })
    expect({ rounds, lost, gaps }).toEqual({ rounds: 4, lost: 0, gaps: 0 })
    expect(acknowledged).toBeGreaterThan(1_000)
  }, 120_000)
})
