import { mkdirSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { AmqpFaults } from '../faults/fault-plan.ts'
import { showFaults } from './client-faults.ts'
import { CommitQueue } from './commit-queue.ts'
import { Consumers } from './consumers.ts'
import { EventLog } from './event-log.ts'
import { type HubSpec, openHubs } from './hubs.ts'
import { type Limits, standardTier } from './limits.ts'
import type { Hub } from './partition.ts'
import { acceptClient, type Client, dropClient } from './rhea.ts'
import { sasKeyName } from './sas.ts'
import { type Namespace, serveClient } from './serve-client.ts'
import { openStore } from './store-schema.ts'

export interface EventHubsOptions {
  /** 0 takes a free port. */
  port: number
  stateDir: string
  host?: string
  hubs: HubSpec[]
  key?: string
  limits?: Partial<Limits>
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
 * @throws RangeError for a hub whose stored number of partitions differs; the listening error, such as EADDRINUSE.
 */
export async function startEventHubs(options: EventHubsOptions): Promise<EventHubs> {
  const { stateDir, host = '127.0.0.1', key = 'SAS_KEY_VALUE' } = options
  mkdirSync(stateDir, { recursive: true })
  const store = openStore(join(stateDir, 'event-hubs.sqlite'))
  try {
    const namespace = openNamespace(store, { ...options, key })
    const clients = new Set<Client>()
    const server = createServer({ noDelay: true }, socket => {
      if (options.faults?.refuses()) socket.resetAndDestroy()
      else addClient(socket, clients, namespace, options.faults)
    })
    const port = await listen(server, options.port, host)
    const trimming = setInterval(() => trim(namespace), trimEveryMs).unref()
    return {
      port,
      connectionString: `Endpoint=sb://${host}:${port};SharedAccessKeyName=${sasKeyName};SharedAccessKey=${key};UseDevelopmentEmulator=true`,
      async close() {
        clearInterval(trimming)
        namespace.commits.flush()
        await stop(server, clients)
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}

function openNamespace(store: DatabaseSync, options: EventHubsOptions & { key: string }): Namespace {
  const limits = { ...standardTier, ...options.limits }
  const log = new EventLog(store)
  const consumers = new Consumers(limits)
  const rounds = new Map<Hub, number>()
  const namespace: Namespace = {
    hubs: openHubs(store, options.hubs, Date.now()),
    log,
    commits: new CommitQueue(log, partition => consumers.wake(partition)),
    consumers,
    key: options.key,
    limits,
    nextPartition({ hub }) {
      const round = rounds.get(hub) ?? 0
      rounds.set(hub, round + 1)
      const partition = hub.partitions[round % hub.partitions.length]
      if (partition === undefined) throw new RangeError(`Hub ${hub.name} has no partition`)
      return partition
    },
  }
  trim(namespace)
  return namespace
}

function trim({ hubs, log, limits }: Namespace): void {
  const beforeMs = Date.now() - limits.retentionMs
  for (const { partitions } of hubs.values()) {
    for (const partition of partitions) log.trim(partition, beforeMs)
  }
}

function addClient(socket: Socket, clients: Set<Client>, namespace: Namespace, faults: AmqpFaults | undefined): void {
  const client = acceptClient(socket)
  const { connection } = client
  clients.add(client)
  socket.once('close', () => {
    clients.delete(client)
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
  serveClient(client, namespace)
  if (faults !== undefined) showFaults(client, faults)
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
