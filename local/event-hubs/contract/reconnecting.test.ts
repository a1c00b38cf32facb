import { connect, createServer, type Socket } from 'node:net'
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs'
import rhea from 'rhea'
import { describe, expect, onTestFinished } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, producerOf, receive } from './clients.ts'
import { credentialsOf, openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { putToken, rawConnection } from './raw.ts'

const at = await openEndpoint()
const rule = contract(pages)
const retryOptions = { maxRetries: 10, retryDelayInMs: 50, timeoutInMs: 2_000 }

describe('reconnecting', () => {
  rule('disconnectTest', 'a producer sends on over a new connection when the one it had was cut', async () => {
    const { address, cut } = await cuttable()
    const producer = new EventHubProducerClient(at.connectionString, at.hub, {
      customEndpointAddress: address,
      retryOptions,
    })
    onTestFinished(() => producer.close())
    const from = await endOf(producerOf(at))
    for (let i = 0; i < 3; i++) {
      if (i > 0) cut()
      await producer.sendBatch([{ body: i }], { partitionId: '0' })
    }
    expect(bodies(await receive(consumerOf(at), { from, count: 3 }))).toEqual([0, 1, 2])
  })

  rule('disconnectTest', 'a receiver goes on behind the last event it had when its connection was cut', async () => {
    const { address, cut } = await cuttable()
    const consumer = new EventHubConsumerClient('$Default', at.connectionString, at.hub, {
      customEndpointAddress: address,
      retryOptions,
    })
    onTestFinished(() => consumer.close())
    const producer = producerOf(at)
    const from = await endOf(producer)
    const seen: unknown[] = []
    const reached = [0, 1, 2].map(() => Promise.withResolvers<void>())
    const subscription = consumer.subscribe(
      '0',
      {
        async processEvents(events) {
          for (const { body } of events) {
            seen.push(body)
            reached[body]?.resolve()
          }
        },
        async processError() {
          // The lost connection is reported here; the subscription goes on.
        },
      },
      { startPosition: from, maxWaitTimeInSeconds: 1 },
    )
    onTestFinished(() => subscription.close())
    for (const i of [0, 1, 2]) {
      if (i > 0) cut()
      await producer.sendBatch([{ body: i }], { partitionId: '0' })
      await reached[i]?.promise
    }
    expect(seen).toEqual([0, 1, 2])
  })

  rule('disconnectTest', 'properties are read over a new connection when the one before was cut', async () => {
    const { address, cut } = await cuttable()
    const producer = new EventHubProducerClient(at.connectionString, at.hub, {
      customEndpointAddress: address,
      retryOptions,
    })
    onTestFinished(() => producer.close())
    const ids = await producer.getPartitionIds()
    cut()
    expect(await producer.getPartitionIds()).toEqual(ids)
  })

  rule('subscribe', 'an owner level is given up with the connection that held it', async () => {
    const connection = rawConnection(at)
    await putToken(connection, at)
    const address = `${at.hub}/ConsumerGroups/$Default/Partitions/0`
    const properties = { 'com.microsoft:epoch': rhea.types.wrap_long(9) }
    const owner = connection.open_receiver({ source: { address }, properties, credit_window: 0 } as never)
    await new Promise(resolve => owner.once('receiver_open', resolve))
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'event' }], { partitionId: '0' })
    const refused = receive(consumerOf(at), { from, count: 1, ownerLevel: 1 })
    await expect(refused).rejects.toMatchObject({ code: 'ReceiverDisconnectedError' })
    connection.close()
    await new Promise(resolve => connection.once('connection_close', resolve))
    expect(await receive(consumerOf(at), { from, count: 1, ownerLevel: 1 })).toHaveLength(1)
  })
})

/** A way to the namespace that can be cut: every connection over it ends, new ones are let through. */
async function cuttable(): Promise<{ address: string; cut: () => void }> {
  const { endpoint, local } = credentialsOf(at)
  const { hostname, port } = new URL(endpoint.replace(/^sb:/, 'http:'))
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(local ? Number(port) : 5671, hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    server.close()
    cut()
  })
  const listening = server.address()
  const own = typeof listening === 'object' && listening !== null ? listening.port : 0
  return { address: `sb://127.0.0.1:${own}`, cut }
}
