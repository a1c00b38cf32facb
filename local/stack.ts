import { parseArgs } from 'node:util'
import { startAzurite } from './azurite.ts'
import { defaultPorts, freePort, isFree, portOption } from './ports.ts'
import { releaseMemoryAtRest } from './release-memory.ts'
import { hubOption, resources } from './resources.ts'

const help = `Starts one server of the local stack alone, on loopback.

  npm run stack -- cosmos      [--port 8081] [--state .local]
  npm run stack -- event-hubs  [--port 5672] [--state .local] [--hub NAME:PARTITIONS:GROUP,...] [--tier basic|standard]
                               [--retention-hours 24] [--throughput-units N] [--policy NAME:KEY:RIGHT,...]
  npm run stack -- azurite     [--port 10000] [--state .local]   blobs at the port, queues one above, tables two

Cosmos takes the emulator's well-known key, Event Hubs the key SAS_KEY_VALUE, as Microsoft's emulators do.
--hub may be given more than once; without it the hubs of infra/resources.json are made. Event Hubs is of the basic tier
unless --tier says standard; throughput is limited with --throughput-units only; --policy (rights Send, Listen, Manage)
may be given more than once. Ctrl-C stops.`

interface Server {
  /** What a client needs to reach it. */
  settings: Record<string, string>
  close(): Promise<void>
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string' },
    state: { type: 'string', default: '.local' },
    hub: { type: 'string', multiple: true },
    tier: { type: 'string' },
    'retention-hours': { type: 'string' },
    'throughput-units': { type: 'string' },
    policy: { type: 'string', multiple: true },
    help: { type: 'boolean', default: false },
  },
})
const [name] = positionals
if (values.help || name === undefined) {
  console.log(help)
  process.exit(values.help ? 0 : 1)
}

try {
  await serve(await start(name))
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exit(1)
}

async function start(part: string): Promise<Server> {
  switch (part) {
    case 'cosmos': {
      const port = await checkedPort(defaultPorts.cosmos)
      const { emulatorKey, startCosmos } = await import('./cosmos/server.ts')
      const cosmos = await startCosmos({ port, stateDir: `${values.state}/cosmos` })
      return { settings: { COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: emulatorKey }, close: () => cosmos.close() }
    }
    case 'event-hubs': {
      const port = await checkedPort(defaultPorts.eventHubs)
      const hubs = values.hub?.map(hubOption) ?? resources.eventHubs
      const { startEventHubs } = await import('./event-hubs/broker.ts')
      const { namespaceOptions } = await import('./event-hubs/namespace-options.ts')
      const options = namespaceOptions(values)
      const broker = await startEventHubs({ ...options, port, stateDir: `${values.state}/event-hubs`, hubs })
      return { settings: { EventHubConnection: broker.connectionString }, close: () => broker.close() }
    }
    case 'azurite': {
      const blobPort = await checkedPort(defaultPorts.blob)
      const at = { blobPort, queuePort: blobPort + 1, tablePort: blobPort + 2 }
      const azurite = await startAzurite({ ...at, stateDir: `${values.state}/azurite` })
      return { settings: { AzureWebJobsStorage: azurite.connectionString }, close: () => azurite.close() }
    }
    default:
      throw new RangeError(`There is no server ${part}: it must be cosmos, event-hubs or azurite`)
  }
}

async function checkedPort(fallback: number): Promise<number> {
  const port = portOption('--port', values.port, fallback)
  if (port === 0 || (await isFree(port))) return port
  throw new Error(`Port ${port} is taken. This one is free: --port ${await freePort(port + 1)}`)
}

/** Says that it is ready, to a parent process or to a person, and ends by signal or with the parent. */
async function serve({ settings, close }: Server): Promise<void> {
  releaseMemoryAtRest()
  const parent = process.send?.bind(process)
  if (parent) parent({ type: 'ready', settings })
  else for (const [setting, value] of Object.entries(settings)) console.log(`${setting}=${value}`)
  const stop = () => close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  // As part of a whole stack, Ctrl-C is the parent's to handle: the functions drain before their servers go.
  process.on('SIGINT', () => void (parent ? undefined : stop()))
  process.once('disconnect', stop)
}
