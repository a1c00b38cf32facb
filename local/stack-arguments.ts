import { parseArgs } from 'node:util'
import { namespaceOptions } from './event-hubs/namespace-options.ts'
import { defaultPorts, portOption } from './ports.ts'
import { hubOption, resources } from './resources.ts'

export const stackHelp = `Starts one server of the local stack alone, on loopback.

  npm run stack -- cosmos      [--port 8081] [--state .local] [--partitions 3]
  npm run stack -- event-hubs  [--port 5672] [--state .local] [--hub NAME:PARTITIONS:GROUP,...] [--tier basic|standard]
                               [--retention-hours 24] [--throughput-units N] [--policy NAME:KEY:RIGHT,...]
  npm run stack -- azurite     [--port 10000] [--state .local]   blobs at the port, queues one above, tables two

    --port N         where it listens; 0 takes any free port (not azurite)
    --state DIR      where its state is kept, in a folder of the server's name; a restart goes on from there
    --partitions N   physical partitions of a Cosmos container created from now on: 1 to 256
    --hub            a hub to make, may be given more than once; without it those of infra/resources.json are made
    --tier           of the namespace: basic unless told; throughput is limited with --throughput-units only
    --policy         a key with rights of Send, Listen, Manage, may be given more than once
    --faults-port N  lets tests make it fail: PUT, POST, GET, DELETE http://127.0.0.1:N/faults, see local/faults/README.md
    --help

Cosmos takes the emulator's well-known key, Event Hubs the key SAS_KEY_VALUE, as Microsoft's emulators do. What a client
needs is printed once the server is ready. Ctrl-C stops it.`

export type StackArguments = Exclude<ReturnType<typeof stackArguments>, { name: undefined }>

const partitionsMax = 256
const defaultPort = { cosmos: defaultPorts.cosmos, 'event-hubs': defaultPorts.eventHubs, azurite: defaultPorts.blob }

/** The server an option is for, where it is not for all. */
const ownerOf = {
  ...{ partitions: 'cosmos', hub: 'event-hubs', tier: 'event-hubs', 'retention-hours': 'event-hubs' },
  ...{ 'throughput-units': 'event-hubs', policy: 'event-hubs' },
} as const

/** @throws an error naming the option and its value, for anything a server does not take */
export function stackArguments(args: string[]) {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      state: { type: 'string', default: '.local' },
      partitions: { type: 'string' },
      hub: { type: 'string', multiple: true },
      tier: { type: 'string' },
      'retention-hours': { type: 'string' },
      'throughput-units': { type: 'string' },
      policy: { type: 'string', multiple: true },
      'faults-port': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const [name, further] = positionals
  if (values.help || name === undefined) return { name: undefined, help: values.help }
  if (further !== undefined)
    throw new RangeError(`One server starts at a time: current value is ${positionals.join(' ')}`)
  if (!isServer(name)) throw new RangeError(`There is no server ${name}: it must be cosmos, event-hubs or azurite`)
  for (const [option, owner] of Object.entries(ownerOf)) {
    const value = values[option as keyof typeof ownerOf]
    if (value === undefined || name === owner) continue
    throw new RangeError(`--${option} is for ${owner}, not for ${name}: current value is ${value}`)
  }
  if (values.state === '') throw new RangeError('--state must be a folder: current value is empty')
  const port = portOption('--port', values.port, defaultPort[name])
  if (name === 'azurite' && (port < 1 || port > 65_533)) {
    throw new RangeError(`--port must be from 1 to 65533, as Azurite takes three: current value is ${port}`)
  }
  const faultsPort = values['faults-port']
  return {
    name,
    port,
    stateDir: `${values.state}/${name}`,
    account: values.partitions === undefined ? {} : { partitions: partitionsOption(values.partitions) },
    namespace: { ...namespaceOptions(values), hubs: values.hub?.map(hubOption) ?? resources.eventHubs },
    faultsPort: faultsPort === undefined ? undefined : portOption('--faults-port', faultsPort, 0),
  }
}

function partitionsOption(text: string): number {
  const partitions = Number(text)
  if (text !== '' && Number.isInteger(partitions) && partitions >= 1 && partitions <= partitionsMax) return partitions
  throw new RangeError(`--partitions must be from 1 to ${partitionsMax}: current value is ${text || 'empty'}`)
}

function isServer(name: string): name is keyof typeof defaultPort {
  return Object.hasOwn(defaultPort, name)
}
