import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startEventHubs } from './broker.ts'
import { consumerOf, hubs, producerOf, receive, temporaryBroker, temporaryDir } from './broker-fixture.ts'

const patient = { retryOptions: { maxRetries: 50, retryDelayInMs: 50, maxRetryDelayInMs: 50, timeoutInMs: 2_000 } }

describe('durability', () => {
  test('events, places and hubs are kept over a restart', async () => {
    const stateDir = await temporaryDir()
    const first = await startEventHubs({ port: 0, stateDir, hubs })
    const producer = producerOf(first.connectionString)
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '1' })
    const before = [await producer.getEventHubProperties(), await producer.getPartitionProperties('1')]
    await producer.close()
    await first.close()
    const { connectionString } = await temporaryBroker({ stateDir, hubs: [] })
    const again = producerOf(connectionString)
    expect([await again.getEventHubProperties(), await again.getPartitionProperties('1')]).toEqual(before)
    await again.sendBatch([{ body: 'c' }], { partitionId: '1' })
    const events = await receive(consumerOf(connectionString, 'second'), { partition: '1', count: 3 })
    expect(events.map(({ body, sequenceNumber }) => [body, sequenceNumber])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
  })

  test('another number of partitions than stored is refused, naming both', async () => {
    const stateDir = await temporaryDir()
    await (await startEventHubs({ port: 0, stateDir, hubs })).close()
    const changed = [{ name: 'interactions', partitions: 3, consumerGroups: [] }]
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

  test('retention removes old events, and the numbers go on', async () => {
    const stateDir = await temporaryDir()
    const first = await startEventHubs({ port: 0, stateDir, hubs })
    const producer = producerOf(first.connectionString)
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '0' })
    const { lastEnqueuedOffset, lastEnqueuedOnUtc } = await producer.getPartitionProperties('0')
    await producer.close()
    await first.close()
    const { connectionString } = await temporaryBroker({ stateDir, limits: { retentionMs: -1 } })
    const again = producerOf(connectionString)
    const kept = { beginningSequenceNumber: 2, lastEnqueuedSequenceNumber: 1, lastEnqueuedOffset, lastEnqueuedOnUtc }
    expect(await again.getPartitionProperties('0')).toMatchObject({ isEmpty: true, ...kept })
    await again.sendBatch([{ body: 'c' }], { partitionId: '0' })
    const events = await receive(consumerOf(connectionString), { count: 1, from: { sequenceNumber: 0 } })
    expect(events.map(({ body, sequenceNumber }) => [body, sequenceNumber])).toEqual([['c', 2]])
  })

  test('clients reconnect by themselves after a restart and go on where they were', async () => {
    const stateDir = await temporaryDir()
    const first = await startEventHubs({ port: 0, stateDir, hubs })
    const { port, connectionString } = first
    const producer = new EventHubProducerClient(connectionString, 'interactions', patient)
    const consumer = new EventHubConsumerClient('$Default', connectionString, 'interactions', patient)
    const received: number[] = []
    const reached = [1, 2].map(() => Promise.withResolvers<void>())
    consumer.subscribe(
      '0',
      {
        async processEvents(events) {
          for (const { body } of events) {
            received.push(body)
            reached[body - 1]?.resolve()
          }
        },
        async processError() {
          // The lost connection is reported here; the subscription goes on.
        },
      },
      { startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1 },
    )
    await producer.sendBatch([{ body: 1 }], { partitionId: '0' })
    await reached[0]?.promise
    await first.close()
    const second = await startEventHubs({ port, stateDir, hubs })
    await producer.sendBatch([{ body: 2 }], { partitionId: '0' })
    await reached[1]?.promise
    expect(received).toEqual([1, 2])
    await consumer.close()
    await producer.close()
    await second.close()
  })

  test('kill -9 under load loses no acknowledged event and leaves no gap', async () => {
    const stateDir = await temporaryDir()
    const acknowledged = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const { child, connectionString } = await spawnBroker(stateDir)
      const producer = new EventHubProducerClient(connectionString, 'interactions', { retryOptions: { maxRetries: 0 } })
      const gone = once(child, 'exit')
      await sendUntilGone(producer, { gone, round, acknowledged, enough: 400, kill: () => child.kill('SIGKILL') })
      await producer.close()
    }
    const { connectionString } = await temporaryBroker({ stateDir })
    const producer = producerOf(connectionString)
    const stored = new Set<unknown>()
    for (const partition of ['0', '1']) {
      const count = (await producer.getPartitionProperties(partition)).lastEnqueuedSequenceNumber + 1
      const events = await receive(consumerOf(connectionString), { partition, count })
      expect(events.map(event => event.sequenceNumber)).toEqual(Array.from({ length: count }, (_, i) => i))
      for (const { body } of events) stored.add(body)
    }
    expect(acknowledged.size).toBeGreaterThan(1_000)
    expect([...acknowledged].filter(id => !stored.has(id))).toEqual([])
  }, 60_000)
})

interface Load {
  gone: Promise<unknown>
  round: number
  acknowledged: Set<string>
  enough: number
  kill: () => void
}

/** Keeps 20 batches in flight until the broker is gone, which `kill` sees to after enough acknowledgements. */
async function sendUntilGone(
  producer: EventHubProducerClient,
  { gone, round, acknowledged, enough, kill }: Load,
): Promise<void> {
  const before = acknowledged.size
  let isGone = false
  let sent = 0
  const send = async () => {
    while (!isGone) {
      const events = Array.from({ length: 5 }, () => ({ body: `${round}-${sent++}` }))
      const sending = producer.sendBatch(events).then(
        () => true,
        () => false,
      )
      if ((await Promise.race([sending, gone])) !== true) isGone = true
      else for (const { body } of events) acknowledged.add(body)
      if (acknowledged.size - before >= enough) kill()
    }
  }
  await Promise.all(Array.from({ length: 20 }, send))
}

async function spawnBroker(stateDir: string): Promise<{ child: ChildProcess; connectionString: string }> {
  const script = `
    import { startEventHubs } from ${JSON.stringify(new URL('./broker.ts', import.meta.url).href)}
    const options = ${JSON.stringify({ port: 0, stateDir, hubs })}
    console.log((await startEventHubs(options)).connectionString)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  return { child, connectionString: String(line).trim() }
}
