import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { startAzurite } from './azurite/azurite.ts'
import { azuriteFaults, type HttpFaults, hostFaults } from './faults/fault-plan.ts'
import { type FaultsClient, faultsClient, faultsOf } from './faults/faults-client.ts'
import { startFaultyHost } from './host/faulty-host.ts'
import { type HostEvent, type RunningHost, startHost } from './host/host.ts'
import { type LocalIdentity, startIdentity } from './identity/identity.ts'
import { anyPort, defaultPorts, freePort } from './ports.ts'
import { projectRoot } from './project-root.ts'
import { startServerProcess } from './server-process.ts'
import { localSettings } from './settings.ts'
import { startTask } from './task-process.ts'

export interface LocalStack {
  url: string
  /** A bearer token of a service that may do everything, good for twelve hours. */
  token: string
  /** Who gives tokens here. */
  identity: LocalIdentity
  /** The app settings the functions were given. */
  settings: Record<string, string>
  host: RunningHost
  pids(): { name: string; pid: number }[]
  /** Drains the functions, then stops the servers. */
  stop(): Promise<void>
  /** Resolves with the name of a server that ended by itself: without it the stack is of no use. */
  broken: Promise<string>
  /** The faults its servers show, when the stack was started with faults. */
  faults?: Record<'cosmos' | 'eventHubs' | 'azurite' | 'host', FaultsClient>
}

interface Running {
  name: string
  pid: number
  close(): Promise<void>
  ended: Promise<void>
}

export interface StackOptions {
  stateDir: string
  /** Where the API listens; 0 takes any free port, for the servers as well. */
  port: number
  /** Where the local identity listens; without it on its usual port, or the next free one. */
  identityPort?: number | undefined
  /** App settings besides and before those of local.settings.json. */
  settings?: Readonly<Record<string, string>>
  /** The folder of the app: host.json, package.json and what its `main` names; this project's own without it. */
  appDir?: string
  /** The app that is being built while the servers start; the functions wait for it. */
  built?: Promise<unknown>
  /** Lets tests make the servers fail on request. */
  faults?: boolean
  /** Processes that a function of a queue or an event hub scales out to. */
  maxInstances?: number
  onStep?: (step: string) => void
  onEvent?: (event: HostEvent) => void
  /** Also tells what starts and what succeeds in the functions host. */
  verbose?: boolean
}

/**
 * One: at a thousand events a second a hub has more than maxEventBatchSize events under way at any instant, though one instance
 * keeps up; a second one takes partitions, with the profiles that the first remembers, and 100 MB.
 */
export const maxInstancesDefault = 1

/** Starts the whole stack on loopback around the built app: Azurite, Cosmos, Event Hubs and the Functions host. */
export async function startLocalStack(options: StackOptions): Promise<LocalStack> {
  const stateDir = resolve(options.stateDir)
  mkdirSync(stateDir, { recursive: true })
  const step = options.onStep ?? (() => undefined)
  const provision = startTask(new URL('./provision.ts', import.meta.url))
  const { values, warnings, cors } = localSettings()
  for (const message of warnings) options.onEvent?.({ type: 'warning', message })
  const configured = { ...values, ...options.settings }
  const ports = options.port === 0 ? await anyPorts() : await usualPorts(options.identityPort)
  const plans = options.faults ? { azurite: azuriteFaults(), host: hostFaults() } : undefined
  const running: Running[] = []
  const stopServers = async () => void (await Promise.all(running.map(({ close }) => close())))
  try {
    const { azurite, cosmos, eventHubs, identity } = await startServers({
      ...{ ports, stateDir, configured, running },
      azuriteFaults: plans?.azurite,
    })
    const cosmosPort = new URL(cosmos.settings.COSMOS_ENDPOINT ?? '').port
    step(`Azurite on port ${ports.blobPort}, Cosmos on ${cosmosPort}, Event Hubs on ${ports.eventHubs || 'a free one'}`)
    step(`Identity at ${identity.issuer}`)
    const settings = {
      ...configured,
      ...{ AzureWebJobsStorage: azurite.connectionString, ...cosmos.settings, ...eventHubs.settings },
      ...identity.settings,
    }
    await Promise.all([provision.run(settings), options.built])
    const hostOptions = {
      appDir: options.appDir ?? projectRoot,
      stateDir: `${stateDir}/host`,
      port: options.port,
      settings,
      cors,
      quiet: true,
      verbose: options.verbose ?? false,
      scale: { maxInstances: options.maxInstances ?? maxInstancesDefault },
      ...(options.onEvent ? { onEvent: options.onEvent } : {}),
    }
    const host = await (plans ? startFaultyHost(hostOptions, plans.host) : startHost(hostOptions))
    step(`Functions host with ${host.functions.length} functions in ${host.workers().length} processes`)
    return {
      url: host.url,
      token: await identity.token(['reader', 'writer', 'operator', 'admin', 'privacy']),
      identity,
      settings,
      host,
      pids: () => [
        ...running.map(({ name, pid }) => ({ name, pid })),
        ...host.workers().map(({ group, pid }) => ({ name: group, pid })),
      ],
      stop: async () => {
        await host.drain()
        await stopServers()
      },
      broken: Promise.race(running.map(({ name, ended }) => ended.then(() => name))),
      ...(plans && {
        faults: {
          cosmos: faultsClient(cosmos.faultsUrl ?? ''),
          eventHubs: faultsClient(eventHubs.faultsUrl ?? ''),
          azurite: faultsOf(plans.azurite),
          host: faultsOf(plans.host),
        },
      }),
    }
  } catch (cause) {
    provision.end()
    await stopServers()
    throw cause
  }
}

/** The servers, each put among the running ones when it is up; all are settled when this is, also when one fails. */
async function startServers(options: {
  ports: ServerPorts
  stateDir: string
  configured: Readonly<Record<string, string>>
  azuriteFaults: HttpFaults | undefined
  running: Running[]
}) {
  const { ports, stateDir, configured, running } = options
  const withFaults = options.azuriteFaults !== undefined
  const started = async <Server extends Running>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting
    running.push(server)
    return server
  }
  const startAzuriteHere = async () => ({
    name: 'azurite',
    ...(await startAzurite({ ...ports, stateDir: `${stateDir}/azurite`, faults: options.azuriteFaults })),
  })
  const startIdentityHere = async () => {
    const { AUTH_AUDIENCE: audience = '', SHOPPER_TOKEN_KEY: shopperTokenKey = '' } = configured
    const of = { port: ports.identity, stateDir: `${stateDir}/identity`, audience, shopperTokenKey }
    const identity = await startIdentity(of)
    return { ...identity, name: 'identity', pid: process.pid, ended: new Promise<never>(() => undefined) }
  }
  const starting = [
    started(startAzuriteHere()),
    started(startServerProcess('cosmos', { port: ports.cosmos, stateDir, faults: withFaults })),
    started(startServerProcess('event-hubs', { port: ports.eventHubs, stateDir, faults: withFaults })),
    started(startIdentityHere()),
  ] as const
  await Promise.allSettled(starting)
  const [azurite, cosmos, eventHubs, identity] = await Promise.all(starting)
  return { azurite, cosmos, eventHubs, identity }
}

interface ServerPorts {
  blobPort: number
  queuePort: number
  tablePort: number
  /** 0 lets the server choose. */
  cosmos: number
  eventHubs: number
  identity: number
}

/** Ports for several stacks side by side, as tests start them. Azurite cannot say which it took, so it is told. */
async function anyPorts(): Promise<ServerPorts> {
  const azurite = { blobPort: await anyPort(), queuePort: await anyPort(), tablePort: await anyPort() }
  return { ...azurite, cosmos: 0, eventHubs: 0, identity: 0 }
}

/** The usual ports where they are free, the next free ones where not: clients read them from the settings. */
async function usualPorts(identityPort: number | undefined): Promise<ServerPorts> {
  const taken = new Set<number>()
  const take = async (from: number) => {
    const port = await freePort(from, taken)
    taken.add(port)
    return port
  }
  return {
    blobPort: await take(defaultPorts.blob),
    queuePort: await take(defaultPorts.queue),
    tablePort: await take(defaultPorts.table),
    cosmos: await take(defaultPorts.cosmos),
    eventHubs: await take(defaultPorts.eventHubs),
    identity: identityPort ?? (await take(defaultPorts.identity)),
  }
}
