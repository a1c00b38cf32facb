// One worker process: loads the whole app, as every instance on Azure does, and listens to the triggers of its scale group.

import { randomUUID } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { releaseMemoryAtRest } from '../../release-memory.ts'
import { provideCoreModule } from '../app/core-module.ts'
import { createInvoker, type Invoker } from '../app/invoker.ts'
import { loadApp } from '../app/load-app.ts'
import type { AdminActions } from '../http/admin.ts'
import type { Listener } from '../http/http-listener.ts'
import { type Outputs, openOutputs } from '../outputs/outputs.ts'
import { isShown, type ShownLines } from './log-levels.ts'
import type { LogLine } from './log-line.ts'
import type {
  AdminOrder,
  FromWorker,
  FunctionPlan,
  HttpPlan,
  ListenOptions,
  Registration,
  ToWorker,
} from './messages.ts'
import { countRunning } from './running-invocations.ts'
import { startTrigger } from './start-trigger.ts'
import { type SwitchedListener, switchedListener } from './switched-listener.ts'

type Answer = Extract<ToWorker, { type: 'answer' }>

const heartbeatMsMax = 5_000
const timeoutGraceMs = 500
const terminateGraceMs = 5_000
const bodyBytesMaxDefault = 104_857_600

const send = (message: FromWorker) => process.send?.(message)
// Before host.json has been handed over, while the app loads, Azure's own defaults hold.
let shown: ShownLines = { levels: {}, verbose: false }
const log = (line: LogLine) => {
  if (isShown(shown, line)) send({ type: 'log', ...line })
}
const registry = provideCoreModule(log)
const asked = new Map<string, (answer: Answer) => void>()
let registrations: Registration[] = []
let listener: SwitchedListener | undefined
let invoker: Invoker | undefined
let outputs: Outputs | undefined
let isEnding = false

process.on('message', (message: ToWorker) => {
  handle(message).catch((error: NodeJS.ErrnoException & { port?: number }) => fail(error))
})
// Ctrl-C reaches the whole process group; the supervisor decides when its workers end.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => end(terminateGraceMs))
process.on('disconnect', () => process.exit(1))

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'load':
      registrations = await loadApp(message.appDir, registry)
      send({ type: 'registered', functions: registrations })
      return
    case 'listen': {
      const port = await listen(message.functions, message.options)
      send({ type: 'listening', ...(port !== undefined && { port }) })
      flushCompileCache()
      return
    }
    case 'trigger': {
      const { id, functionName, input } = message
      const error = listener?.trigger(functionName, input)
      send({ type: 'triggered', id, ...(error !== undefined && { error }) })
      return
    }
    case 'answer':
      asked.get(message.id)?.(message)
      asked.delete(message.id)
      return
    case 'drain-mode':
      await (message.isDraining ? listener?.turnOff() : listener?.turnOn())
      return
    case 'drain':
      return end(message.graceMs)
  }
}

async function listen(plans: FunctionPlan[], options: ListenOptions): Promise<number | undefined> {
  const { functionTimeoutMs, queues, logLevels } = options.config
  shown = { levels: logLevels, verbose: options.verbose }
  const outputPlans = new Map(plans.map(plan => [plan.name, plan.outputs]))
  outputs = openOutputs({ plans: outputPlans, base64: queues.base64 })
  const run = createInvoker({
    registry,
    outputs,
    log,
    logsRuns: functionName => isShown(shown, { level: 'information', category: 'system', functionName }),
    functionTimeoutMs,
    onTimeout: () => void setTimeout(() => process.exit(1), timeoutGraceMs),
  })
  const current = countRunning(run, running => send({ type: 'running', running }))
  invoker = current
  // A run's stages take hundreds of MB for seconds, and then hours may pass until the next.
  releaseMemoryAtRest()
  // A function that blocks the event loop cannot be timed out from inside: the supervisor ends a worker without heartbeats.
  if (functionTimeoutMs !== undefined) {
    setInterval(() => send({ type: 'heartbeat' }), Math.min(heartbeatMsMax, functionTimeoutMs / 4)).unref()
  }
  const [plan] = plans
  const switched = (isOn: boolean) => send({ type: 'switched', isOn })
  if (plan === undefined || plan.type === 'http') {
    listener = switchedListener(() => startHttp(plans, options, current), switched)
    return (await listener.turnOn())?.port
  }
  listener = switchedListener(() => startTrigger({ plan, options, invoker: current, log, tell: send }), switched)
  if (!options.isDraining) await listener.turnOn()
  return undefined
}

async function startHttp(plans: FunctionPlan[], options: ListenOptions, current: Invoker): Promise<Listener> {
  const { listenHttp } = await import('../http/http-listener.ts')
  const httpPlans = plans.filter((plan): plan is HttpPlan => plan.type === 'http')
  const { openKeyRing } = await import('../http/key-ring.ts')
  const { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: bodyBytesMax = '', AzureWebJobsDisableHomepage } = process.env
  return listenHttp({
    plans: httpPlans,
    host: options.host,
    port: options.port,
    keys: openKeyRing(options.keysPath),
    invoker: current,
    admin: adminActions(options.hostId, httpPlans),
    config: options.config.http,
    cors: options.cors,
    streamTo: registry.httpUri,
    hasHomePage: AzureWebJobsDisableHomepage?.toLowerCase() !== 'true',
    bodyBytesMax: /^\d+$/.test(bodyBytesMax) ? Number(bodyBytesMax) : bodyBytesMaxDefault,
    answerMsMax: options.answerMsMax,
    log,
  })
}

function adminActions(hostId: string, httpPlans: HttpPlan[]): AdminActions {
  return {
    hostId,
    functions: registrations.map(({ name, bindings }) => {
      const route = httpPlans.find(plan => plan.name === name)?.route
      const isDisabled = process.env[`AzureWebJobs.${name}.Disabled`] === 'true'
      return { name, bindings, isDisabled, ...(route !== undefined && { route }) }
    }),
    trigger: async (functionName, input) => (await ask({ action: 'trigger', functionName, input })).error,
    drain: async () => void (await ask({ action: 'drain' })),
    drainStatus: async () => {
      const { status } = await ask({ action: 'drainStatus' })
      if (status === undefined) throw new Error('The supervisor answered without a drain status')
      return status
    },
    resume: async () => void (await ask({ action: 'resume' })),
  }
}

function ask(order: AdminOrder): Promise<Answer> {
  return new Promise(resolve => {
    const id = randomUUID()
    asked.set(id, resolve)
    send({ type: 'ask', id, order })
  })
}

/** Takes no new work, lets what runs finish for as long as it may, and ends the process. */
async function end(graceMs: number): Promise<void> {
  // Whoever scales in gives more time than whoever stops the host behind that.
  setTimeout(() => process.exit(0), graceMs).unref()
  if (isEnding) return
  isEnding = true
  await listener?.stop()
  await invoker?.idle()
  await listener?.turnOff()
  await outputs?.close()
  for (const hook of registry.hooks('appTerminate')) {
    await hook({ hookData: registry.appLevelHookData, appHookData: registry.appHookData })
  }
  process.exit(0)
}

function fail(error: NodeJS.ErrnoException & { port?: number }): void {
  const { stack, message, code, port } = error
  const isListenError = error.syscall === 'listen' && code !== undefined
  const failure: FromWorker = isListenError
    ? { type: 'failed', message, code, ...(port !== undefined && { port }) }
    : { type: 'failed', message: stack ?? message }
  process.send?.(failure, () => process.exit(1))
}
