import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { runJob } from './api-client.ts'
import { printExamples } from './examples.ts'
import { functionList } from './host/workers/function-list.ts'
import { eventLine, takesColour } from './host/workers/print-event.ts'
import { type LocalStack, maxInstancesDefault, startLocalStack } from './local-stack.ts'
import { defaultPorts, freePort, isFree, portOption } from './ports.ts'
import { printStep, printSteps } from './print-step.ts'
import { projectRoot } from './project-root.ts'
import { releaseMemoryAtRest } from './release-memory.ts'
import { localSettings } from './settings.ts'
import { startTask } from './task-process.ts'

const help = `Brings Sidecart up on this machine with a shop's data and recommendations.

  npm start -- [options]
    --port 7071     where the API listens, on loopback
    --identity-port 7072  where the local stand-in for Entra ID gives tokens
    --state .local  where everything is kept; a restart goes on from there
    --fresh         forgets the state first
    --data DIR      a shop of your own: shop.json, orders.csv, products.csv, customers.csv, as in data/
    --max-instances ${maxInstancesDefault}  to how many processes a function of a queue or an event hub scales out
    --verbose       lists the functions and shows all log lines, as \`func start\` does
    --help

Ctrl-C drains the functions and stops everything.`

/** Which shop a state folder holds. */
const Marker = z.object({ data: z.string(), example_user: z.string().optional() })
const Built = z.object({ bytes: z.number() })
const Loaded = z.object({ latestCustomer: z.string().optional() })

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'identity-port': { type: 'string' },
    state: { type: 'string', default: join(projectRoot, '.local') },
    data: { type: 'string', default: join(projectRoot, 'data') },
    fresh: { type: 'boolean', default: false },
    'max-instances': { type: 'string', default: String(maxInstancesDefault) },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}

try {
  await main()
} catch (cause) {
  const message = cause instanceof Error ? cause.message : String(cause)
  // A worker's error comes with its stack, which says nothing to whoever left a setting out.
  console.error(`\n${values.verbose ? message : message.replace(/^\s+at .*\n?/gm, '').trimEnd()}`)
  process.exit(1)
}

async function main(): Promise<void> {
  const port = portOption('--port', values.port, localSettings().port ?? defaultPorts.http)
  if (port !== 0 && !(await isFree(port))) {
    throw new Error(`Port ${port} is taken. This one is free: npm start -- --port ${await freePort(port + 1)}`)
  }
  const identityPort =
    values['identity-port'] === undefined ? undefined : portOption('--identity-port', values['identity-port'], 0)
  const maxInstances = instancesOption(values['max-instances'])
  const stateDir = resolve(values.state)
  if (values.fresh) rmSync(stateDir, { recursive: true, force: true })
  const stack = await printSteps('Building the app and starting the stack', step => {
    const built = buildApp().then(bytes => step(`dist/main.cjs, ${(bytes / 1e6).toFixed(1)} MB`))
    const { verbose } = values
    return startLocalStack({
      ...{ stateDir, port, identityPort, built, maxInstances, verbose },
      onStep: step,
      onEvent: event => showEvent(event),
    })
  })
  if (values.verbose) console.log(functionList(stack.host.functions, stack.url))
  stopOnSignal(stack)
  try {
    await printExamples(stack, stack.identity.issuer, await loadOnce(stack, stateDir))
    // From here on this process only watches: what loading took is not needed again.
    releaseMemoryAtRest()
  } catch (cause) {
    await stack.stop()
    throw cause
  }
  console.log('\nCtrl-C stops everything; the state is kept.')
  const broken = await stack.broken
  await stack.stop()
  throw new Error(`The server ${broken} ended by itself: start again`)
}

async function buildApp(): Promise<number> {
  const task = startTask(new URL('./build.ts', import.meta.url))
  return Built.parse(await task.run(undefined)).bytes
}

/** @throws RangeError for text that is no number of instances; Flex Consumption ends at 1,000 */
function instancesOption(text: string): number {
  const instances = Number(text)
  if (Number.isInteger(instances) && instances >= 1 && instances <= 1000) return instances
  throw new RangeError(`--max-instances must be a whole number from 1 to 1000: current value is ${text}`)
}

/** Loads the shop the first time a state folder is used; later starts find it there. Gives a user to ask for. */
async function loadOnce(stack: LocalStack, stateDir: string): Promise<string | undefined> {
  const marker = join(stateDir, 'shop.json')
  const dataDir = resolve(values.data)
  if (existsSync(marker)) {
    const { data, example_user: user } = Marker.parse(JSON.parse(readFileSync(marker, 'utf8')))
    console.log(`  The shop of ${data} is kept in ${stateDir}: --fresh loads it anew`)
    return user
  }
  const user = await printSteps('Loading the shop', async () => {
    const task = startTask(new URL('./sample/load-shop-task.ts', import.meta.url))
    const blobConnectionString = stack.settings.AzureWebJobsStorage ?? ''
    return Loaded.parse(await task.run({ api: { url: stack.url, token: stack.token }, blobConnectionString, dataDir }))
      .latestCustomer
  })
  for (const [kind, title] of [
    ['lake', 'Taking in the files'],
    ['refresh', 'First refresh'],
  ] as const) {
    await printStep(title, async show => {
      const {
        job,
        request_units: units,
        dollars,
      } = await runJob(stack, kind, {
        onProgress: ({ percent, stage }) => show(`${percent} % ${stage ?? ''}`),
      })
      return `${job}: ${units} request units, $${dollars} in Azure`
    })
  }
  writeFileSync(marker, JSON.stringify({ data: dataDir, example_user: user, loaded_at: new Date().toISOString() }))
  return user
}

function showEvent(event: Parameters<typeof eventLine>[0]): void {
  const isTrouble =
    event.type === 'warning' ||
    (event.type === 'exited' && event.restartInMs !== undefined) ||
    (event.type === 'log' && (event.level === 'error' || event.level === 'critical'))
  if (!values.verbose && !isTrouble) return
  console.error(eventLine(event, { colour: takesColour(process.stderr, process.env), names: !values.verbose }))
}

function stopOnSignal(stack: LocalStack): void {
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    console.log('\nStopping: functions finish what they are at …')
    await stack.stop()
    console.log('Stopped.')
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
