import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { nodeArguments } from '../app/node-arguments.ts'
import type { FromWorker, HostEvent, Registration, ToWorker } from './messages.ts'

export interface WorkerOptions {
  group: string
  /** Number of the process among those of its group. */
  instance: number
  appDir: string
  env: Record<string, string>
  /** Without a heartbeat for this long the worker is ended: a function blocks it. */
  heartbeatTimeoutMs: number | undefined
  /** What to listen to, given what the app registered. */
  toListen(functions: Registration[]): Extract<ToWorker, { type: 'listen' }>
  onMessage(message: Exclude<FromWorker, { type: 'log' }>): void
  onEvent(event: HostEvent): void
}

/** One process of a worker, from its start to its end. */
export interface WorkerLife {
  child: ChildProcess
  pid: number
  /** Settles when it listens; stays pending when it ends before. */
  listening: Promise<void>
  ended: Promise<WorkerError>
}

/** Why a worker ended; `code` and `port` as Node gives them for a port in use. */
export class WorkerError extends Error {
  readonly code: string | undefined
  readonly port: number | undefined
  constructor(message: string, { code, port }: { code?: string; port?: number } = {}) {
    super(message)
    this.code = code
    this.port = port
  }
}

const workerPath = fileURLToPath(new URL('./worker.ts', import.meta.url))
const lastLinesMax = 20
// Flex Consumption gives up on an app at the same point.
const loadMsMax = 30_000

/** Starts a worker process, hands it the app and what to listen to, and passes on what it says. */
export function startWorker(options: WorkerOptions): WorkerLife {
  const { group, onEvent } = options
  const startedAt = Date.now()
  const child = spawn(process.execPath, [...nodeArguments(options.env), workerPath], {
    cwd: options.appDir,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const pid = child.pid ?? 0
  onEvent({ type: 'started', group, pid })
  const lastLines = forwardLines(child, options)
  const watchdog = watch(child, options.heartbeatTimeoutMs)
  const listening = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<WorkerError>()
  let failure: WorkerError | undefined

  const loading = setTimeout(() => {
    failure = new WorkerError(`The worker of group "${group}" did not load the app within ${loadMsMax} ms`)
    child.kill('SIGKILL')
  }, loadMsMax)
  child.on('message', (message: FromWorker) => {
    watchdog.alive()
    if (message.type === 'log') {
      onEvent({ ...message, type: 'log', group })
      return
    }
    if (message.type === 'failed') failure = new WorkerError(message.message, message)
    if (message.type === 'registered') {
      clearTimeout(loading)
      failure = listen(child, options, message.functions)
    }
    options.onMessage(message)
    if (message.type === 'listening') {
      onEvent({ type: 'listening', group, pid, startMs: Date.now() - startedAt })
      listening.resolve()
    }
  })
  child.on('error', cause => {
    ended.resolve(new WorkerError(`Cannot start the worker of group "${group}": ${cause.message}`))
  })
  child.on('exit', (code, signal) => {
    watchdog.stop()
    clearTimeout(loading)
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`
    const lines = code === 0 ? [] : lastLines
    ended.resolve(failure ?? new WorkerError([`The worker of group "${group}" ended with ${how}`, ...lines].join('\n')))
  })
  sendTo(child, { type: 'load', appDir: options.appDir })
  return { child, pid, listening: listening.promise, ended: ended.promise }
}

/** False when the process is gone; a send that breaks off later only means that it has just ended. */
export function sendTo(child: ChildProcess, message: ToWorker): boolean {
  if (!child.connected) return false
  child.send(message, () => undefined)
  return true
}

function listen(child: ChildProcess, options: WorkerOptions, functions: Registration[]): WorkerError | undefined {
  try {
    sendTo(child, options.toListen(functions))
    return undefined
  } catch (error) {
    child.kill('SIGKILL')
    return new WorkerError(error instanceof Error ? error.message : String(error))
  }
}

function watch(child: ChildProcess, timeoutMs: number | undefined) {
  let timer: NodeJS.Timeout | undefined
  return {
    alive: () => {
      clearTimeout(timer)
      if (timeoutMs === undefined) return
      timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
      timer.unref()
    },
    stop: () => clearTimeout(timer),
  }
}

/** Passes on console output of the app and crash reports of Node line by line; returns the last lines of stderr, live. */
function forwardLines(child: ChildProcess, { group, onEvent }: WorkerOptions): string[] {
  const lastLines: string[] = []
  const functionName = group === 'http' ? {} : { functionName: group }
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    const isError = stream === child.stderr
    createInterface({ input: stream }).on('line', message => {
      if (isError) lastLines.push(message)
      if (lastLines.length > lastLinesMax) lastLines.shift()
      const level = isError ? 'error' : 'information'
      onEvent({ type: 'log', group, level, category: 'user', message, ...functionName })
    })
  }
  return lastLines
}
