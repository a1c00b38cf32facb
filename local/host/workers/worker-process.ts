import type { ToWorker } from './messages.ts'
import { sendTo, startWorker, type WorkerError, type WorkerLife, type WorkerOptions } from './worker-life.ts'

interface SupervisedOptions extends WorkerOptions {
  /** A worker that cannot start the first time is given up: its error is the caller's to deal with. */
  mustStart: boolean
}

export interface WorkerProcess {
  group: string
  instance: number
  /** Resolves when the worker listens for the first time; rejects with the reason when it first ends before. */
  ready: Promise<void>
  /** Undefined while the worker is being restarted. */
  pid(): number | undefined
  /** Invocations that run in it, as it told last. */
  running(): number
  /** Whether it takes new work; drain mode turns that off. */
  isOn(): boolean
  /** False when the worker is not up to take it. */
  send(message: ToWorker): boolean
  /** Lets what runs finish, for as long as that, then ends the process for good. */
  drain(graceMs: number): Promise<void>
}

const restartMsMin = 100
const restartMsMax = 10_000
const stableMs = 10_000
const killAfterMs = 1_000

/** Keeps one worker process running: it is started again whenever it ends on its own, ever later when it keeps ending. */
export function superviseWorker(options: SupervisedOptions): WorkerProcess {
  const { group, instance, onEvent } = options
  const ready = Promise.withResolvers<void>()
  // Who started an instance to share the work has other instances, and does not wait for this one.
  ready.promise.catch(() => undefined)
  let life: WorkerLife | undefined
  let isUp = false
  let running = 0
  let isOn = false
  let isGivenUp = options.mustStart
  let draining = false
  let restartMs = restartMsMin
  let restartTimer: NodeJS.Timeout | undefined

  function start(): void {
    const current = startWorker({
      ...options,
      onMessage: message => {
        if (message.type === 'running') running = message.running
        if (message.type === 'switched') isOn = message.isOn
        options.onMessage(message)
      },
    })
    const startedAt = Date.now()
    life = current
    current.listening.then(() => {
      isUp = true
      isGivenUp = false
      ready.resolve()
    })
    current.ended.then(error => ended(error, current.pid, Date.now() - startedAt))
  }
  function ended(error: WorkerError, pid: number, lifeMs: number): void {
    life = undefined
    isUp = false
    running = 0
    isOn = false
    ready.reject(error)
    if (draining || isGivenUp) {
      onEvent({ type: 'exited', group, pid, reason: error.message })
      return
    }
    if (lifeMs > stableMs) restartMs = restartMsMin
    onEvent({ type: 'exited', group, pid, reason: error.message, restartInMs: restartMs })
    restartTimer = setTimeout(start, restartMs)
    restartMs = Math.min(restartMs * 2, restartMsMax)
  }

  start()
  return {
    group,
    instance,
    ready: ready.promise,
    pid: () => life?.pid,
    running: () => running,
    isOn: () => isOn,
    send: message => isUp && life !== undefined && sendTo(life.child, message),
    drain: async graceMs => {
      draining = true
      clearTimeout(restartTimer)
      if (life !== undefined) await endLife(life, graceMs)
    },
  }
}

async function endLife({ child, ended }: WorkerLife, graceMs: number): Promise<void> {
  sendTo(child, { type: 'drain', graceMs })
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs + killAfterMs)
  await ended
  clearTimeout(killer)
}
