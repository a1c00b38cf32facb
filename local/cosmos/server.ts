import { createSecretKey, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpFaults } from '../faults/fault-plan.ts'
import { type StatusFault, underFault } from '../faults/http-fault.ts'
import { checkKey } from './auth.ts'
import { CosmosError } from './errors.ts'
import { faultOperation } from './fault-operation.ts'
import { errorReply, type Reply, readCall, sendReply } from './http.ts'
import { route } from './router.ts'
import { nowSeconds, Store } from './store.ts'

/** The key that Microsoft's emulator has, which is no secret. */
export const emulatorKey = 'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=='
const PURGE_INTERVAL_MS = 30_000
const DEFAULT_PARTITIONS = 3
const MAX_PARTITIONS = 256

export interface CosmosServer {
  url: string
  port: number
  close(): Promise<void>
}

/**
 * Starts a Cosmos DB for NoSQL server whose state is one SQLite file under `stateDir`; port 0 takes a free one.
 * @throws the listen error as it is, such as EADDRINUSE
 */
export async function startCosmos(options: {
  port: number
  stateDir: string
  host?: string
  key?: string
  faults?: HttpFaults
  /** Milliseconds since 1970, by which throughput is counted. */
  now?: () => number
  /** Physical partitions of a container created from now on; more than one, so that clients have to merge. */
  partitions?: number
}): Promise<CosmosServer> {
  const partitions = checkPartitions(options.partitions ?? DEFAULT_PARTITIONS)
  const host = options.host ?? '127.0.0.1'
  const { faults } = options
  const key = createSecretKey(options.key ?? emulatorKey, 'base64')
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
  const store = openStore({ ...options, partitions }, () => server.close())
  server.on('request', (request, response) => void respond(request, response, { store, key, url, faults }))
  if (faults) server.on('connection', socket => faults.refuses() && socket.resetAndDestroy())
  const purge = setInterval(() => void purgeExpired(store), PURGE_INTERVAL_MS)
  purge.unref()
  return {
    url,
    port,
    close: async () => {
      clearInterval(purge)
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeIdleConnections()
      })
      await store.commits.settled()
      store.close()
    },
  }
}

function checkPartitions(partitions: number): number {
  if (Number.isInteger(partitions) && partitions >= 1 && partitions <= MAX_PARTITIONS) return partitions
  throw new RangeError(`partitions must be an integer from 1 to ${MAX_PARTITIONS}: current value is ${partitions}`)
}

function openStore(
  { stateDir, ...options }: { stateDir: string; partitions: number; now?: () => number },
  giveUp: () => void,
): Store {
  try {
    return new Store(stateDir, options)
  } catch (cause) {
    giveUp()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`The Cosmos state in '${stateDir}' cannot be opened: ${reason}`, { cause })
  }
}

interface Context {
  store: Store
  key: KeyObject
  url: string
  faults: HttpFaults | undefined
}

async function respond(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  let reply: Reply | undefined
  try {
    const call = await readCall(request)
    const { method, segments } = call
    checkKey({ method, segments, headers: request.headers }, context.key, Date.now())
    const work = () => route(call, context.store, context.url)
    const fault = context.faults?.take(faultOperation(call))
    reply = fault === undefined ? await work() : await underFault(request, fault, { work, refuse: faultReply })
  } catch (error) {
    if (request.destroyed && !request.complete) return
    reply = errorReply(error instanceof CosmosError ? error : new CosmosError(500, String(error)))
  }
  if (reply !== undefined) sendReply(response, reply)
}

function faultReply({ status, substatus, retryAfterMs }: StatusFault): Reply {
  const reply = errorReply(new CosmosError(status, 'A fault on request.', substatus))
  return retryAfterMs === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, 'x-ms-retry-after-ms': retryAfterMs } }
}

async function purgeExpired(store: Store): Promise<void> {
  await store.commits.write(() => {
    for (const container of store.allContainers()) {
      if (container.defaultTtl === undefined) continue
      container.items.purgeExpired(container.defaultTtl, nowSeconds())
      container.uniqueKeys?.purge()
    }
  })
}
