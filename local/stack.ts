import type { AmqpFaults, HttpFaults } from './faults/fault-plan.ts'
import { freePort, isFree } from './ports.ts'
import { releaseMemoryAtRest } from './release-memory.ts'
import { type StackArguments, stackArguments, stackHelp } from './stack-arguments.ts'

interface Server {
  /** What a client needs to reach it. */
  settings: Record<string, string>
  close(): Promise<void>
  faultsUrl?: string | undefined
  /** Resolves when it ends by itself, which a child may. */
  ended?: Promise<void>
}

try {
  const given = stackArguments(process.argv.slice(2))
  if (given.name === undefined) {
    console.log(stackHelp)
    process.exit(given.help ? 0 : 1)
  }
  await serve(await start(given))
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exit(1)
}

async function start({ name, port, stateDir, account, namespace, faultsPort }: StackArguments): Promise<Server> {
  await checkFree('--port', port)
  switch (name) {
    case 'cosmos': {
      const faults = await withControl(faultsPort, ({ cosmosFaults }) => cosmosFaults())
      const { emulatorKey, startCosmos } = await import('./cosmos/server.ts')
      const cosmos = await startCosmos({ ...account, port, stateDir, ...faults })
      const settings = { COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: emulatorKey }
      return { ...faults, settings, close: () => cosmos.close() }
    }
    case 'event-hubs': {
      const faults = await withControl(faultsPort, ({ eventHubsFaults }) => eventHubsFaults())
      const { startEventHubs } = await import('./event-hubs/broker.ts')
      const broker = await startEventHubs({ ...namespace, port, stateDir, ...faults })
      return { ...faults, settings: { EventHubConnection: broker.connectionString }, close: () => broker.close() }
    }
    case 'azurite': {
      const faults = await withControl(faultsPort, ({ azuriteFaults }) => azuriteFaults())
      const { startAzurite } = await import('./azurite/azurite.ts')
      const ports = { blobPort: port, queuePort: port + 1, tablePort: port + 2 }
      const azurite = await startAzurite({ ...ports, stateDir, ...faults })
      return { ...azurite, ...faults, settings: { AzureWebJobsStorage: azurite.connectionString } }
    }
  }
}

/** A plan with its control server when a port for that is given, and nothing at all when not. */
async function withControl<Plan extends HttpFaults | AmqpFaults>(
  port: number | undefined,
  planOf: (plans: typeof import('./faults/fault-plan.ts')) => Plan,
) {
  if (port === undefined) return {}
  const faults = planOf(await import('./faults/fault-plan.ts'))
  const { startFaultsServer } = await import('./faults/faults-server.ts')
  await checkFree('--faults-port', port)
  const { url: faultsUrl } = await startFaultsServer(faults, port)
  return { faults, faultsUrl }
}

async function checkFree(option: string, port: number): Promise<void> {
  if (port === 0 || (await isFree(port))) return
  throw new Error(`Port ${port} is taken. This one is free: ${option} ${await freePort(port + 1)}`)
}

/** Says that it is ready, to a parent process or to a person, and ends by signal or with the parent. */
async function serve({ settings, faultsUrl, close, ended }: Server): Promise<void> {
  releaseMemoryAtRest()
  const parent = process.send?.bind(process)
  if (parent) parent({ type: 'ready', settings, faultsUrl })
  else for (const [setting, value] of Object.entries(settings)) console.log(`${setting}=${value}`)
  if (!parent && faultsUrl !== undefined) console.log(`Faults are changed at ${faultsUrl}/faults`)
  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    await close()
    process.exit(0)
  }
  ended?.then(() => {
    if (isStopping) return
    console.error('The server ended by itself: start again')
    process.exit(1)
  })
  process.once('SIGTERM', stop)
  // As part of a whole stack, Ctrl-C is the parent's to handle: the functions drain before their servers go.
  process.on('SIGINT', () => void (parent ? undefined : stop()))
  process.once('disconnect', stop)
}
