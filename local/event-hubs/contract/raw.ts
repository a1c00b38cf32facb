import { createHmac, randomUUID } from 'node:crypto'
import rhea, { type Connection, type Message, type Receiver, type Sender } from 'rhea'
import { onTestFinished } from 'vitest'
import { credentialsOf, type Endpoint } from './endpoint.ts'

interface Signature {
  endpoint: string
  /** Below the endpoint; empty for the whole namespace. */
  path: string
  keyName: string
  key: string
  expirySeconds: number
}

/** A shared access signature made without the SDK. */
export function sasToken({ endpoint, path, keyName, key, expirySeconds }: Signature): string {
  const resource = encodeURIComponent(`${endpoint}/${path}`)
  const signature = createHmac('sha256', key).update(`${resource}\n${expirySeconds}`).digest('base64')
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expirySeconds}&skn=${keyName}`
}

/** A connection of rhea's own, for what the SDK never does. */
export function rawConnection(at: Endpoint, options: Record<string, unknown> = {}): Connection {
  const { endpoint, local } = credentialsOf(at)
  const { hostname, port } = new URL(endpoint.replace(/^sb:/, 'http:'))
  const where = local ? { port: Number(port) } : { port: 5671, transport: 'tls', servername: hostname }
  const connection = rhea
    .create_container()
    .connect({ host: hostname, hostname, reconnect: false, username: 'x', ...where, ...options } as never)
  connection.on('disconnected', () => undefined)
  onTestFinished(() => connection.close())
  return connection
}

interface Reply {
  status: number
  description: string
}

/** Asks `$cbs` or `$management` and waits for the answer. */
export function requests(connection: Connection, node: string): (request: Partial<Message>) => Promise<Reply> {
  const replyTo = randomUUID()
  const replies = connection.open_receiver({ source: node, target: replyTo } as never)
  const sender = connection.open_sender(node)
  const ready = new Promise(resolve => sender.once('sendable', resolve))
  let asked = 0
  return async request => {
    await ready
    const answer = new Promise<Reply>(resolve => {
      replies.once('message', ({ message }) => {
        const { 'status-code': status, 'status-description': description } = message?.application_properties ?? {}
        resolve({ status: Number(status), description: String(description) })
      })
    })
    sender.send({ message_id: String(asked++), reply_to: replyTo, ...request } as never)
    return answer
  }
}

/** Puts a token for the hub; by default one that lives for a minute. */
export async function putToken(
  connection: Connection,
  at: Endpoint,
  { expirySeconds = secondsFromNow(60) }: { expirySeconds?: number } = {},
): Promise<Reply> {
  const credentials = credentialsOf(at)
  const name = `${credentials.endpoint}/${at.hub}`
  return requests(
    connection,
    '$cbs',
  )({
    application_properties: { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name },
    body: sasToken({ ...credentials, path: at.hub, expirySeconds }),
  })
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds
}

/** A producer link, with a token. */
export async function rawSender(at: Endpoint, address = at.hub): Promise<Sender> {
  const connection = rawConnection(at)
  await putToken(connection, at)
  const sender = connection.open_sender(address)
  await new Promise(resolve => sender.once('sendable', resolve))
  return sender
}

/** Sends one transfer; resolves with the condition it was rejected with, or undefined when it was accepted. */
export function sendRaw(sender: Sender, message: unknown, format?: number): Promise<string | undefined> {
  return new Promise(resolve => {
    sender.once('accepted', () => resolve(undefined))
    sender.once('rejected', ({ delivery }) => resolve(delivery?.remote_state?.error?.condition))
    sender.send(message as never, undefined, format)
  })
}

/** A receiver on partition 0, whose credit the check gives. */
export async function rawReceiver(
  at: Endpoint,
  { filter, expirySeconds, windowTransfers }: { filter: string; expirySeconds?: number; windowTransfers?: number },
) {
  const window = windowTransfers === undefined ? {} : { session_buffer_size: { incoming: windowTransfers } }
  const connection = rawConnection(at, window)
  await putToken(connection, at, expirySeconds === undefined ? {} : { expirySeconds })
  const address = `${at.hub}/ConsumerGroups/$Default/Partitions/0`
  const selector = { 'apache.org:selector-filter:string': rhea.types.wrap_described(filter, 0x468c00000004) }
  const receiver: Receiver = connection.open_receiver({
    source: { address, filter: selector },
    credit_window: 0,
  } as never)
  receiver.on('receiver_error', () => undefined)
  const messages: Message[] = []
  receiver.on('message', ({ message }) => {
    if (message !== undefined) messages.push(message)
  })
  await new Promise(resolve => receiver.once('receiver_open', resolve))
  const until = async (enough: number) => {
    while (messages.length < enough) await new Promise(resolve => receiver.once('message', resolve))
  }
  return { receiver, messages, until }
}
