import { once } from 'node:events'
import { connect } from 'node:net'
import rhea from 'rhea'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryBroker } from './broker-fixture.ts'
import { producerOf } from './contract/clients.ts'

describe('authentication', () => {
  for (const mechanism of ['MSSBCBS', 'EXTERNAL', 'ANONYMOUS', undefined]) {
    test(`${mechanism ?? 'no'} SASL mechanism opens a connection, but no link without a token`, async () => {
      const { port } = await temporaryBroker()
      const { connection, opened, refused } = openWithSasl(port, mechanism)
      await opened
      connection.open_sender('interactions')
      expect(await refused).toBe('amqp:unauthorized-access')
    })
  }

  test('a key of the own choice opens the namespace', async () => {
    const { connectionString } = await temporaryBroker({ key: 'a secret' })
    expect(await producerOf({ connectionString, hub: 'interactions' }).getPartitionIds()).toEqual(['0', '1'])
  })

  test('bytes that are not AMQP end their connection and nothing else', async () => {
    const { port, connectionString } = await temporaryBroker()
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'))
    await once(socket.resume(), 'close')
    expect(await producerOf({ connectionString, hub: 'interactions' }).getPartitionIds()).toEqual(['0', '1'])
  })
})

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
