import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { compileCacheVariable, warmCompileCache } from './app/compile-cache.ts'
import { planFunctions } from './app/plan.ts'
import { hostKeys } from './http/host-keys.ts'
import { type HostConfig, readHostJson } from './settings/host-json.ts'
import type { FromWorker, FunctionPlan, HostEvent, ListenOptions, Registration } from './workers/messages.ts'
import { eventLine } from './workers/print-event.ts'
import { superviseWorker, type WorkerProcess } from './workers/worker-process.ts'

export type { HostEvent } from './workers/messages.ts'

export interface HostOptions {
  /** Folder of the built app: package.json with "main", and host.json. */
  appDir: string
  /** Keys and caches of this host are kept here. */
  stateDir: string
  /** 0 takes any free port. */
  port: number
  host?: string
  /** The app settings: with a few variables of the system they are the whole environment of the workers. */
  settings: Record<string, string>
  onEvent?: (event: HostEvent) => void
  quiet?: boolean
  /** Also logs what starts and what succeeds, not only what the functions say and what fails. */
  verbose?: boolean
  /** How long a queue message stays hidden while its function runs; renewed at half of it. */
  queueVisibilityMs?: number
}

export interface RunningHost {
  url: string
  port: number
  functions: HostFunction[]
  workers(): { group: string; pid: number }[]
  /** Stops listening, lets running invocations finish for up to 5 s, then ends the workers. */
  drain(): Promise<void>
}

export interface HostFunction {
  name: string
  type: FunctionPlan['type']
  route?: string
  methods?: string[]
  scaleGroup: string
}

const queueVisibilityMsDefault = 600_000
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']

/**
 * Starts a built Functions app: one worker process for all HTTP functions and one for each event hub, queue and timer
 * function. Resolves when every worker listens.
 * @throws Error when the app cannot be loaded or a setting is missing; with code "EADDRINUSE" and port when the port is taken
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const onEvent = (event: HostEvent) => {
    options.onEvent?.(event)
    if (options.quiet !== true) console.log(eventLine(event))
  }
  const appDir = resolve(options.appDir)
  const stateDir = resolve(options.stateDir)
  mkdirSync(stateDir, { recursive: true })
  const runtime = options.settings.FUNCTIONS_WORKER_RUNTIME
  if (runtime !== undefined && runtime !== 'node') {
    throw new Error(`Setting "FUNCTIONS_WORKER_RUNTIME" must be "node": current value is "${runtime}"`)
  }
  const { config, warnings } = readHostJson(appDir)
  for (const message of warnings) onEvent({ type: 'warning', message })

  const host = options.host ?? '127.0.0.1'
  const env = workerEnvironment(options.settings, stateDir)
  await warmCompileCache(env)
  const group = workerGroup({ options: { ...options, appDir, stateDir, host }, config, env, onEvent })
  try {
    // The worker of the HTTP functions loads the app first; what it registers tells which other workers there are.
    const http = group.start('http')
    await http.ready
    const names = new Set(group.plans().map(({ scaleGroup }) => scaleGroup))
    names.delete('http')
    await Promise.all([...names].map(name => group.start(name).ready))
  } catch (error) {
    await group.drain()
    throw error
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${group.port()}`,
    port: group.port(),
    functions: group.plans().map(toHostFunction),
    workers: group.workers,
    drain: group.drain,
  }
}

interface GroupOptions {
  options: HostOptions & { host: string }
  config: HostConfig
  env: Record<string, string>
  onEvent(event: HostEvent): void
}

/** All workers of one host and what they have in common. */
function workerGroup({ options, config, env, onEvent }: GroupOptions) {
  const { appDir, stateDir, host, settings } = options
  const workers = new Map<string, WorkerProcess>()
  let plans: FunctionPlan[] = []
  const listenOptions: ListenOptions = {
    hostId: hostId(appDir, settings),
    instance: 0,
    host,
    port: options.port,
    storage: settings.AzureWebJobsStorage,
    config,
    keys: hostKeys(stateDir),
    queueVisibilityMs: options.queueVisibilityMs ?? queueVisibilityMsDefault,
    verbose: options.verbose ?? false,
  }

  function toListen(name: string, registrations: Registration[]) {
    plans = planFunctions(registrations, settings, config)
    if (plans.some(({ type }) => type !== 'http') && !settings.AzureWebJobsStorage) {
      throw new Error('Setting "AzureWebJobsStorage" must hold a storage connection string: it is missing')
    }
    const functions = plans.filter(({ scaleGroup }) => scaleGroup === name)
    if (functions.length === 0 && name !== 'http') throw new Error(`The app no longer registers function "${name}"`)
    return { type: 'listen' as const, functions, options: listenOptions }
  }
  const triggers = manualTriggers(workers, name => plans.find(plan => plan.name === name)?.scaleGroup)
  function onMessage(from: WorkerProcess, message: Exclude<FromWorker, { type: 'log' }>): void {
    if (message.type === 'listening' && message.port !== undefined) listenOptions.port = message.port
    if (message.type === 'trigger') triggers.forward(from, message)
    if (message.type === 'triggered') triggers.answer(message.id, message.error)
  }

  return {
    plans: () => plans,
    port: () => listenOptions.port,
    start: (name: string) => {
      const worker = superviseWorker({
        group: name,
        appDir,
        env,
        heartbeatTimeoutMs: config.functionTimeoutMs,
        toListen: registrations => toListen(name, registrations),
        onMessage: message => onMessage(worker, message),
        onEvent,
      })
      workers.set(name, worker)
      return worker
    },
    workers: () =>
      [...workers.values()].flatMap(worker => {
        const pid = worker.pid()
        return pid === undefined ? [] : [{ group: worker.group, pid }]
      }),
    drain: async () => {
      await Promise.all([...workers.values()].map(worker => worker.drain()))
    },
  }
}

/** The way of a manual trigger from the worker that serves /admin to that of the function, and of the answer back. */
function manualTriggers(workers: Map<string, WorkerProcess>, groupOf: (functionName: string) => string | undefined) {
  const askers = new Map<string, WorkerProcess>()
  const answer = (id: string, error: string | undefined) => {
    askers.get(id)?.send({ type: 'triggered', id, ...(error !== undefined && { error }) })
    askers.delete(id)
  }
  return {
    answer,
    forward: (asker: WorkerProcess, message: Extract<FromWorker, { type: 'trigger' }>) => {
      askers.set(message.id, asker)
      const target = workers.get(groupOf(message.functionName) ?? '')
      if (target?.send(message)) return
      answer(message.id, `The worker of function "${message.functionName}" is not running`)
    },
  }
}

function workerEnvironment(settings: Record<string, string>, stateDir: string): Record<string, string> {
  const system = inherited.flatMap(name => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(system),
    TZ: 'UTC',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    ...settings,
    [compileCacheVariable]: join(stateDir, 'compile-cache'),
  }
}

/** Names the host in blobs it shares with others; stable between runs. */
function hostId(appDir: string, settings: Record<string, string>): string {
  const { name } = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8')) as { name?: string }
  const id = settings.AzureFunctionsWebHost__hostid ?? settings.WEBSITE_SITE_NAME ?? name ?? 'local'
  return id
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, 32)
}

function toHostFunction(plan: FunctionPlan): HostFunction {
  const { name, type, scaleGroup } = plan
  return { name, type, scaleGroup, ...(plan.type === 'http' && { route: plan.route, methods: plan.methods }) }
}
