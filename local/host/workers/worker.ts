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
import { categoryOf, isShown, type LogLevels } from './log-levels.ts'
import type { LogLine } from './log-line.ts'
import type { FromWorker, FunctionPlan, HttpPlan, ListenOptions, Registration, ToWorker } from './messages.ts'
import type { TriggerListener } from './trigger-listener.ts'

const heartbeatMsMax = 5_000
const drainMsMax = 5_000
const timeoutGraceMs = 500

const send = (message: FromWorker) => process.send?.(message)
// Before host.json has been handed over, while the app loads, Azure's own default holds.
let levels: LogLevels = {}
const log = (line: LogLine) => {
  if (isShown(levels, categoryOf(line), line.level)) send({ type: 'log', ...line })
}
const registry = provideCoreModule(log)
const triggersUnderWay = new Map<string, (error: string | undefined) => void>()
let registrations: Registration[] = []
let listeners: Listener[] = []
let invoker: Invoker | undefined
let outputs: Outputs | undefined
let trigger: TriggerListener['trigger'] | undefined
let draining = false

process.on('message', (message: ToWorker) => {
  handle(message).catch((error: NodeJS.ErrnoException & { port?: number }) => fail(error))
})
// Ctrl-C reaches the whole process group; the supervisor decides when its workers end.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => drain())
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
      trigger?.(input)
      const refusal = `Function "${functionName}" has an HTTP trigger: it is started by a request to its route`
      send({ type: 'triggered', id, ...(trigger === undefined && { error: refusal }) })
      return
    }
    case 'triggered':
      triggersUnderWay.get(message.id)?.(message.error)
      triggersUnderWay.delete(message.id)
      return
    case 'drain':
      return drain()
  }
}

async function listen(plans: FunctionPlan[], options: ListenOptions): Promise<number | undefined> {
  const { functionTimeoutMs, queues, logLevels } = options.config
  levels = logLevels
  const outputPlans = new Map(plans.map(plan => [plan.name, plan.outputs]))
  outputs = openOutputs({ plans: outputPlans, base64: queues.base64 })
  const current = createInvoker({
    registry,
    outputs,
    log,
    logsRuns: name => options.verbose && isShown(levels, `Function.${name}`, 'information'),
    functionTimeoutMs,
    onTimeout: () => setTimeout(() => process.exit(1), timeoutGraceMs),
  })
  invoker = current
  // A run's stages take hundreds of MB for seconds, and then hours may pass until the next.
  releaseMemoryAtRest()
  // A function that blocks the event loop cannot be timed out from inside: the supervisor ends a worker without heartbeats.
  if (functionTimeoutMs !== undefined) {
    setInterval(() => send({ type: 'heartbeat' }), Math.min(heartbeatMsMax, functionTimeoutMs / 4)).unref()
  }
  const [first] = plans
  if (first === undefined || first.type === 'http') {
    listeners = [await startHttp(plans, options, current)]
  } else {
    const listener = await startTrigger(first, options, current)
    trigger = listener.trigger
    listeners = [listener]
  }
  return listeners[0]?.port
}

async function startHttp(plans: FunctionPlan[], options: ListenOptions, current: Invoker): Promise<Listener> {
  const { listenHttp } = await import('../http/http-listener.ts')
  const httpPlans = plans.filter((plan): plan is HttpPlan => plan.type === 'http')
  let port = options.port
  const admin: AdminActions = {
    hostId: options.hostId,
    baseUrl: () => `http://${options.host}:${port}`,
    functions: registrations.map(({ name, bindings }) => {
      const route = httpPlans.find(plan => plan.name === name)?.route
      return { name, bindings, ...(route !== undefined && { route }) }
    }),
    trigger: askSupervisorToTrigger,
  }
  const { host, keys } = options
  const listener = await listenHttp({ plans: httpPlans, host, port, keys, invoker: current, admin })
  port = listener.port ?? port
  return listener
}

async function startTrigger(
  plan: Exclude<FunctionPlan, HttpPlan>,
  { storage = '', hostId, instance, config, queueVisibilityMs }: ListenOptions,
  current: Invoker,
): Promise<TriggerListener> {
  // Each trigger's module is loaded only where it is needed: the SDK of the event hub alone costs 40 MB.
  switch (plan.type) {
    case 'eventHub': {
      const { listenEventHub } = await import('../event-hubs/event-hub-listener.ts')
      return listenEventHub({ plan, storage, hostId, instance, config: config.eventHubs, invoker: current, log })
    }
    case 'queue': {
      const { listenQueue } = await import('../queues/queue-listener.ts')
      const { parseStorageConnection } = await import('../storage/storage-account.ts')
      const { storageQueue } = await import('../queues/storage-queue.ts')
      const { poisonQueueName } = await import('../queues/queue-name.ts')
      const account = parseStorageConnection(plan.connection, `connection of function "${plan.name}"`)
      const queue = storageQueue(account, plan.queueName)
      const poisonName = poisonQueueName(plan.queueName)
      const poison = poisonName === undefined ? undefined : storageQueue(account, poisonName)
      const options = { plan, queue, poison, config: config.queues, visibilityMs: queueVisibilityMs }
      return listenQueue({ ...options, invoker: current, log })
    }
    case 'timer': {
      const { timerTrigger } = await import('../timers/timer-trigger.ts')
      return timerTrigger({ plan, storage, hostId, instance, invoker: current, log })
    }
  }
}

function askSupervisorToTrigger(functionName: string, input: string | undefined): Promise<string | undefined> {
  return new Promise(resolve => {
    const id = randomUUID()
    triggersUnderWay.set(id, resolve)
    send({ type: 'trigger', id, functionName, ...(input !== undefined && { input }) })
  })
}

async function drain(): Promise<void> {
  if (draining) return
  draining = true
  setTimeout(() => process.exit(0), drainMsMax).unref()
  await Promise.all(listeners.map(listener => listener.stop()))
  await invoker?.idle()
  await Promise.all(listeners.map(listener => listener.close()))
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
