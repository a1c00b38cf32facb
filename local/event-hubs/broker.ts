import { mkdirSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { AmqpFaults } from '../faults/fault-plan.ts'
import { connectionsExceeded } from './amqp-error.ts'
import { showFaults } from './client-faults.ts'
import { type NamespaceOptions, openNamespace, trim } from './namespace.ts'
import { rootPolicyName } from './policy.ts'
import { acceptClient, type Client, dropClient } from './rhea.ts'
import { type ServeContext, serveClient } from './serve-client.ts'
import { openStore } from './store-schema.ts'

export interface EventHubsOptions extends Omit<NamespaceOptions, 'key'> {
  /** 0 takes a free port. */
  port: number
  stateDir: string
  host?: string
  /** The key of RootManageSharedAccessKey. */
  key?: string
  faults?: AmqpFaults
}

export interface EventHubs {
  port: number
  connectionString: string
  close(): Promise<void>
}

const trimEveryMs = 60_000
const closeWithinMs = 1_000

/**
 * Serves the hubs over AMQP 1.0 on plain TCP, from what is kept in the state folder.
 * @throws RangeError for what Azure would not have, or a hub stored with another number of partitions; the listening error, such as EADDRINUSE.
 */
export async function startEventHubs(options: EventHubsOptions): Promise<EventHubs> {
  const { stateDir, host = '127.0.0.1', key = 'SAS_KEY_VALUE' } = options
  mkdirSync(stateDir, { recursive: true })
  const store = openStore(join(stateDir, 'event-hubs.sqlite'))
  try {
    const namespace = openNamespace(store, { ...options, key })
    const clients: Clients = { connected: new Set(), served: new Set() }
    const context = { ...namespace, isNamespace: (name: string) => isNamespace(name, { host, port }) }
    const server = createServer({ noDelay: true }, socket => {
      if (options.faults?.refuses()) socket.resetAndDestroy()
      else addClient(socket, clients, { ...context, faults: options.faults })
    })
    const port = await listen(server, options.port, host)
    const trimming = setInterval(() => trim(namespace), trimEveryMs).unref()
    return {
      port,
      connectionString: `Endpoint=sb://${host}:${port};SharedAccessKeyName=${rootPolicyName};SharedAccessKey=${key};UseDevelopmentEmulator=true`,
      async close() {
        clearInterval(trimming)
        namespace.commits.flush()
        await stop(server, clients.connected)
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}

/** Whether a host, with or without port, as it stands in a token's resource, is this broker. */
function isNamespace(name: string, { host, port }: { host: string; port: number }): boolean {
  return [host, 'localhost', '127.0.0.1', '[::1]'].some(own => name === own || name === `${own}:${port}`)
}

interface Clients {
  /** Everyone, the refused as well until they are gone. */
  connected: Set<Client>
  served: Set<Client>
}

interface ClientContext extends ServeContext {
  faults: AmqpFaults | undefined
}

function addClient(socket: Socket, { connected, served }: Clients, context: ClientContext): void {
  const client = acceptClient(socket)
  const { connection } = client
  connected.add(client)
  socket.once('close', () => {
    connected.delete(client)
    served.delete(client)
    dropClient(client)
  })
  // What goes wrong on a connection ends that connection, never the broker; rhea reports our own bugs as errors too.
  for (const event of ['error', 'protocol_error']) {
    connection.on(event, (error: Error) => {
      console.error(JSON.stringify({ server: 'event-hubs', event, error: error.message }))
      socket.destroySoon()
    })
  }
  connection.on('connection_error', () => socket.destroySoon())
  for (const event of ['sender_close', 'receiver_close', 'session_close', 'connection_close', 'disconnected']) {
    connection.on(event, () => undefined)
  }
  const { connectionsMax } = context.tier
  if (served.size >= connectionsMax) {
    connection.once('connection_open', () => connection.close(connectionsExceeded(connectionsMax)))
    return
  }
  served.add(client)
  serveClient(client, context)
  if (context.faults !== undefined) showFaults(client, context.faults)
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}

/**
 * Ends the sockets without an AMQP close: the SDK recovers by itself from a lost connection, but fails a send that
 * meets a connection being closed.
 */
async function stop(server: Server, clients: Set<Client>): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve))
  // rhea writes what has just been accepted on the next tick.
  await new Promise(setImmediate)
  for (const { socket } of clients) socket.destroySoon()
  const impatience = setTimeout(() => {
    for (const { socket } of clients) socket.destroy()
  }, closeWithinMs)
  await closed
  clearTimeout(impatience)
}
