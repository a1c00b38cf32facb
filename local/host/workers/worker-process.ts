import type { ToWorker } from './messages.ts'
import { sendTo, startWorker, type WorkerError, type WorkerLife, type WorkerOptions } from './worker-life.ts'

export interface WorkerProcess {
  group: string
  /** Resolves when the worker listens for the first time; rejects with the reason when it cannot. */
  ready: Promise<void>
  /** Undefined while the worker is being restarted. */
  pid(): number | undefined
  /** False when the worker is not up to take it. */
  send(message: ToWorker): boolean
  /** Lets what runs finish, then ends the process for good. */
  drain(): Promise<void>
}

const restartMsMin = 100
const restartMsMax = 10_000
const stableMs = 10_000
const killAfterMs = 6_000

/** Keeps one worker process running: it is started again whenever it ends on its own, ever later when it keeps ending. */
export function superviseWorker(options: WorkerOptions): WorkerProcess {
  const { group, onEvent } = options
  const ready = Promise.withResolvers<void>()
  let life: WorkerLife | undefined
  let isUp = false
  let hasBeenUp = false
  let draining = false
  let restartMs = restartMsMin
  let restartTimer: NodeJS.Timeout | undefined

  function start(): void {
    const current = startWorker(options)
    const startedAt = Date.now()
    life = current
    current.listening.then(() => {
      isUp = true
      hasBeenUp = true
      ready.resolve()
    })
    current.ended.then(error => ended(error, current.pid, Date.now() - startedAt))
  }
  function ended(error: WorkerError, pid: number, lifeMs: number): void {
    life = undefined
    isUp = false
    ready.reject(error)
    // A worker that cannot even start the first time is the caller's to deal with.
    if (draining || !hasBeenUp) {
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
    ready: ready.promise,
    pid: () => life?.pid,
    send: message => isUp && life !== undefined && sendTo(life.child, message),
    drain: async () => {
      draining = true
      clearTimeout(restartTimer)
      if (life !== undefined) await endLife(life)
    },
  }
}

async function endLife({ child, ended }: WorkerLife): Promise<void> {
  sendTo(child, { type: 'drain' })
  const killer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  await ended
  clearTimeout(killer)
}
