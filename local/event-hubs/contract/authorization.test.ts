import { EventHubProducerClient } from '@azure/event-hubs'
import type { Receiver, Sender } from 'rhea'
import { describe, expect, onTestFinished } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, producerOf, receive } from './clients.ts'
import { credentialsOf, openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { putToken, rawConnection, rawReceiver, requests, sasToken, secondsFromNow, sendRaw } from './raw.ts'

const at = await openEndpoint()
const rule = contract(pages)
const unauthorized = { code: 'UnauthorizedError' }

describe('authorisation', () => {
  rule('sas', 'a wrong key is refused', async () => {
    const wrong = at.connectionString.replace(/(SharedAccessKey=)[^;]*/, `$1${Buffer.alloc(32, 1).toString('base64')}`)
    await expect(producerOf({ ...at, connectionString: wrong }).getPartitionIds()).rejects.toMatchObject({
      ...unauthorized,
      message: expect.stringContaining('InvalidSignature'),
    })
  })

  rule('sas', 'an unknown policy is refused', async () => {
    const connectionString = at.connectionString.replace(/(SharedAccessKeyName=)[^;]*/, '$1Nobody')
    await expect(producerOf({ ...at, connectionString }).getPartitionIds()).rejects.toMatchObject(unauthorized)
  })

  rule('sas', 'an expired signature is refused', async () => {
    const producer = signed({ expirySeconds: secondsFromNow(-600) })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject({
      ...unauthorized,
      message: expect.stringContaining('ExpiredToken: The token is expired. Expiration time:'),
    })
  })

  rule('sas', 'a signature for another hub is refused', async () => {
    const producer = signed({ path: 'another-hub' })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject(unauthorized)
  })

  rule('sas', 'a signature for a hub whose name only begins like this one is refused', async () => {
    const producer = signed({ path: at.hub.slice(0, -1) })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject(unauthorized)
  })

  rule('sas', 'a signature for another namespace is refused', async () => {
    const producer = signed({ endpoint: 'sb://another-namespace.servicebus.windows.net' })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject(unauthorized)
  })

  rule('sas', 'a signature that was changed is refused', async () => {
    const { endpoint, local } = credentialsOf(at)
    const token = sasToken({ ...credentialsOf(at), path: at.hub, expirySeconds: secondsFromNow(60) })
    const later = token.replace(/se=\d+/, `se=${secondsFromNow(600)}`)
    await expect(tokenProducer(endpoint, later, local).sendBatch([{ body: 1 }])).rejects.toMatchObject(unauthorized)
  })

  rule('sas', 'a signature for the hub is enough to send', async () => {
    const from = await endOf(producerOf(at))
    await signed({}).sendBatch([{ body: 'signed' }], { partitionId: '0' })
    expect(bodies(await receive(consumerOf(at), { from, count: 1 }))).toEqual(['signed'])
  })

  rule('sas', 'a signature for the namespace covers its hubs', async () => {
    await signed({ path: '' }).sendBatch([{ body: 'signed' }])
  })

  rule('authorize', 'the right to send is enough to send and to read properties', async () => {
    const producer = producerOf(limited('send'))
    expect((await producer.getEventHubProperties()).name).toBe(at.hub)
    await producer.sendBatch([{ body: 'sent' }])
  })

  rule('authorize', 'the right to send is not enough to receive', async () => {
    const receiving = receive(consumerOf(limited('send')), { from: { offset: '-1' }, count: 1 })
    await expect(receiving).rejects.toMatchObject({
      ...unauthorized,
      message: expect.stringContaining("'Listen' claim(s) are required to perform this operation"),
    })
  })

  rule('authorize', 'the right to listen is enough to receive', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'heard' }], { partitionId: '0' })
    expect(bodies(await receive(consumerOf(limited('listen')), { from, count: 1 }))).toEqual(['heard'])
  })

  rule('authorize', 'the right to listen is not enough to send', async () => {
    await expect(producerOf(limited('listen')).sendBatch([{ body: 1 }])).rejects.toMatchObject({
      ...unauthorized,
      message: expect.stringContaining("'Send' claim(s) are required to perform this operation"),
    })
  })

  rule('amqp', 'without a token no link is opened', async () => {
    const connection = rawConnection(at)
    await new Promise(resolve => connection.once('connection_open', resolve))
    expect(await conditionOf(connection.open_sender(at.hub), 'sender')).toBe('amqp:unauthorized-access')
  })

  rule('amqp', 'a token that is none is answered with 401', async () => {
    const ask = requests(rawConnection(at), '$cbs')
    const type = 'servicebus.windows.net:sastoken'
    const name = `${credentialsOf(at).endpoint}/${at.hub}`
    const asked = { application_properties: { operation: 'put-token', type, name }, body: 'no token' }
    expect((await ask(asked)).status).toBe(401)
  })

  rule('amqp', 'a token that is good is answered with 202', async () => {
    expect((await putToken(rawConnection(at), at)).status).toBe(202)
  })

  rule('amqp', 'a producer link is closed when its token expires', async () => {
    const connection = rawConnection(at)
    const expirySeconds = secondsFromNow(2)
    await putToken(connection, at, { expirySeconds })
    const sender = connection.open_sender(at.hub)
    await new Promise(resolve => sender.once('sendable', resolve))
    expect(await conditionOf(sender, 'sender')).toBe('amqp:unauthorized-access')
    expect(Date.now()).toBeGreaterThanOrEqual(expirySeconds * 1_000)
  })

  rule('amqp', 'an idle receiver is closed when its token expires', async () => {
    const { receiver } = await rawReceiver(at, {
      filter: "amqp.annotation.x-opt-offset > '@latest'",
      expirySeconds: secondsFromNow(2),
    })
    expect(await conditionOf(receiver, 'receiver')).toBe('amqp:unauthorized-access')
  })

  rule('amqp', 'a token that is put again keeps the links open past the end of the first one', async () => {
    const connection = rawConnection(at)
    const [first, unwatched] = [secondsFromNow(2), rawConnection(at)]
    await putToken(connection, at, { expirySeconds: first })
    const sender = connection.open_sender(`${at.hub}/Partitions/0`)
    await new Promise(resolve => sender.once('sendable', resolve))
    await putToken(connection, at)
    // A second connection, whose token is not renewed, shows when the time is over.
    await putToken(unwatched, at, { expirySeconds: first })
    await conditionOf(unwatched.open_sender(at.hub), 'sender')
    expect(await sendRaw(sender, { body: 'still open' })).toBeUndefined()
  })
})

/** A producer with a signature made here, for this hub and a minute where nothing else is said. */
function signed({
  endpoint,
  path = at.hub,
  expirySeconds = secondsFromNow(60),
}: {
  endpoint?: string
  path?: string
  expirySeconds?: number
}) {
  const credentials = credentialsOf(at)
  const token = sasToken({ ...credentials, endpoint: endpoint ?? credentials.endpoint, path, expirySeconds })
  return tokenProducer(credentials.endpoint, token, credentials.local)
}

function tokenProducer(endpoint: string, token: string, local: boolean): EventHubProducerClient {
  const emulator = local ? ';UseDevelopmentEmulator=true' : ''
  const connectionString = `Endpoint=${endpoint}/;SharedAccessSignature=${token}${emulator}`
  const producer = new EventHubProducerClient(connectionString, at.hub, { retryOptions: { maxRetries: 0 } })
  onTestFinished(() => producer.close())
  return producer
}

function limited(right: 'send' | 'listen') {
  const connectionString = right === 'send' ? at.sendOnly : at.listenOnly
  if (connectionString !== undefined) return { connectionString, hub: at.hub }
  throw new Error(
    `SIDECART_CONTRACT_EVENT_HUBS_${right.toUpperCase()} must be the connection string of a policy that may only ${right}`,
  )
}

/** The condition with which the service closes a link. */
function conditionOf(link: Sender | Receiver, kind: 'sender' | 'receiver'): Promise<string | undefined> {
  return new Promise(resolve => {
    link.once(`${kind}_error`, () => {
      const { error } = link
      resolve(error !== undefined && 'condition' in error ? String(error.condition) : undefined)
    })
  })
}
