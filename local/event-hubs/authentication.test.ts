import { once } from 'node:events'
import { connect } from 'node:net'
import { EventHubProducerClient } from '@azure/event-hubs'
import rhea from 'rhea'
import { describe, expect, onTestFinished, test } from 'vitest'
import { producerOf, sasToken, temporaryBroker } from './broker-fixture.ts'

describe('authentication', () => {
  test('a producer with the right key reads and sends', async () => {
    const { connectionString } = await temporaryBroker({ key: 'a secret' })
    const producer = producerOf(connectionString)
    await producer.sendBatch([{ body: 1 }])
    expect(await producer.getPartitionIds()).toEqual(['0', '1'])
  })

  test('a wrong key is refused as unauthorized', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString.replace('SAS_KEY_VALUE', 'another'))
    await expect(producer.getPartitionIds()).rejects.toMatchObject({
      code: 'UnauthorizedError',
      message: expect.stringContaining('invalid signature'),
    })
  })

  test('an expired signature is refused as unauthorized', async () => {
    const { port } = await temporaryBroker()
    const producer = signedProducer({ port, path: 'interactions', expiry: Math.floor(Date.now() / 1_000) - 10 })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject({
      code: 'UnauthorizedError',
      message: expect.stringContaining('ExpiredToken'),
    })
  })

  test('a signature for another hub is refused as unauthorized', async () => {
    const { port } = await temporaryBroker()
    const expiry = Math.floor(Date.now() / 1_000) + 60
    await expect(signedProducer({ port, path: 'orders', expiry }).sendBatch([{ body: 1 }])).rejects.toMatchObject({
      code: 'UnauthorizedError',
      message: expect.stringContaining('InvalidAudience'),
    })
    await signedProducer({ port, path: 'interactions', expiry }).sendBatch([{ body: 1 }])
  })

  test('a producer link ends when its token has expired', async () => {
    const { port } = await temporaryBroker()
    const expiry = Math.floor(Date.now() / 1_000) + 2
    const producer = signedProducer({ port, path: 'interactions', expiry })
    await producer.sendBatch([{ body: 1 }])
    const sendUntilRefused = async () => {
      for (;;) await producer.sendBatch([{ body: 1 }])
    }
    await expect(sendUntilRefused()).rejects.toMatchObject({ code: 'UnauthorizedError' })
    expect(Date.now()).toBeGreaterThanOrEqual(expiry * 1_000)
  })

  for (const mechanism of ['MSSBCBS', 'EXTERNAL', 'ANONYMOUS', undefined]) {
    test(`${mechanism ?? 'no'} SASL mechanism opens a connection, but no link without a token`, async () => {
      const { port } = await temporaryBroker()
      const { connection, opened, refused } = openWithSasl(port, mechanism)
      await opened
      connection.open_sender('interactions')
      expect(await refused).toBe('amqp:unauthorized-access')
    })
  }

  test('bytes that are not AMQP end their connection and nothing else', async () => {
    const { port, connectionString } = await temporaryBroker()
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'))
    await once(socket.resume(), 'close')
    expect(await producerOf(connectionString).getPartitionIds()).toEqual(['0', '1'])
  })
})

function signedProducer({ port, path, expiry }: { port: number; path: string; expiry: number }) {
  const sas = sasToken({ resource: `sb://127.0.0.1:${port}/${path}`, expirySeconds: expiry })
  const endpoint = `Endpoint=sb://127.0.0.1:${port};SharedAccessSignature=${sas};UseDevelopmentEmulator=true`
  const producer = new EventHubProducerClient(endpoint, 'interactions', { retryOptions: { maxRetries: 0 } })
  onTestFinished(() => producer.close())
  return producer
}

function openWithSasl(port: number, mechanism: string | undefined) {
  const start = { start: (callback: (error: undefined, response: string) => void) => callback(undefined, '') }
  const connection = rhea.create_container().connect({
    host: '127.0.0.1',
    port,
    reconnect: false,
    ...(mechanism === undefined ? {} : { sasl_mechanisms: { [mechanism]: start } }),
  } as Parameters<typeof rhea.connect>[0])
  connection.on('disconnected', () => undefined)
  onTestFinished(() => connection.close())
  const opened = Promise.withResolvers<string>()
  const refused = Promise.withResolvers<string | undefined>()
  connection.on('connection_open', () => opened.resolve('opened'))
  connection.on('sender_error', ({ sender }) => refused.resolve(sender.error.condition))
  return { connection, opened: opened.promise, refused: refused.promise }
}
