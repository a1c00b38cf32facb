import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { compileCacheVariable, warmCompileCache } from './app/compile-cache.ts'
import type { Cors } from './http/cors.ts'
import { readHostKeys } from './http/host-keys.ts'
import { type ScaleOptions, scaleDefaults } from './scaling/scaled-groups.ts'
import { readHostJson } from './settings/host-json.ts'
import { type AppSupervisor, superviseApp } from './workers/app-supervisor.ts'
import type { FunctionPlan, HostEvent } from './workers/messages.ts'
import { eventLine } from './workers/print-event.ts'

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
  /** Which pages of other origins may read answers; none without it. */
  cors?: Cors | undefined
  onEvent?: (event: HostEvent) => void
  quiet?: boolean
  /** Also logs what starts and what succeeds, not only what the functions say and what fails. */
  verbose?: boolean
  /** How long a queue message stays hidden while its function runs; renewed at half of it. */
  queueVisibilityMs?: number
  /** How the app scales; by default to at most one instance of a function, and to none without work. */
  scale?: Partial<ScaleOptions>
  /** Azure's front end gives up an HTTP answer that has not begun after 230 s. */
  answerMsMax?: number
}

export interface RunningHost {
  url: string
  port: number
  functions: HostFunction[]
  /** The processes that there are: a scale group may have several, or none. */
  workers(): { group: string; instance: number; pid: number }[]
  /** Starts a function by hand or goes into drain mode and out of it, as /admin does. */
  admin: AppSupervisor['answer']
  /** Opens every function and /admin; the one the host has started with. */
  masterKey: string
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

const drainGraceMs = 5_000
const pollsABacklog = 4
const queueVisibilityMsDefault = 600_000
const answerMsMaxDefault = 230_000
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']

/**
 * Starts a built Functions app: one worker process for all HTTP functions, and for every other function as many as it
 * needs. Resolves when all instances that are always ready listen.
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
  const host = options.host ?? '127.0.0.1'
  const keysPath = join(stateDir, 'host-keys.json')
  const { master: masterKey } = readHostKeys(keysPath)
  const supervisor = await supervisorOf({ ...options, appDir, stateDir, host, keysPath }, onEvent)
  try {
    await supervisor.start()
  } catch (error) {
    await supervisor.drain(drainGraceMs)
    throw error
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${supervisor.port()}`,
    port: supervisor.port(),
    functions: supervisor.plans().map(toHostFunction),
    masterKey,
    workers: supervisor.workers,
    admin: supervisor.answer,
    drain: () => supervisor.drain(drainGraceMs),
  }
}

async function supervisorOf(
  options: HostOptions & { host: string; keysPath: string },
  onEvent: (event: HostEvent) => void,
): Promise<AppSupervisor> {
  const { appDir, stateDir, host, port, settings, keysPath, cors, answerMsMax, queueVisibilityMs, verbose } = options
  const runtime = settings.FUNCTIONS_WORKER_RUNTIME
  if (runtime !== undefined && runtime !== 'node') {
    throw new Error(`Setting "FUNCTIONS_WORKER_RUNTIME" must be "node": current value is "${runtime}"`)
  }
  const { config, warnings } = readHostJson(appDir, settings)
  for (const message of warnings) onEvent({ type: 'warning', message })
  const env = workerEnvironment(settings, stateDir)
  await warmCompileCache(env)
  const scaling = { ...scaleDefaults, ...options.scale }
  const listen = {
    hostId: hostId(appDir, settings),
    hostRun: randomUUID(),
    ...{ host, port, config, cors, storage: settings.AzureWebJobsStorage, keysPath },
    answerMsMax: answerMsMax ?? answerMsMaxDefault,
    verbose: verbose ?? false,
    queueVisibilityMs: queueVisibilityMs ?? queueVisibilityMsDefault,
    // Looking into a hub takes a request for each partition: that is done more seldom than looking at a queue.
    backlogMs: scaling.maxInstances > 1 ? pollsABacklog * scaling.pollMs : undefined,
  }
  return superviseApp({ appDir, env, settings, listen, scale: scaling, onEvent })
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
