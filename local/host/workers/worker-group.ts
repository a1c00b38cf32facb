import type { ToWorker } from './messages.ts'
import type { WorkerOptions } from './worker-life.ts'
import { superviseWorker, type WorkerProcess } from './worker-process.ts'

/** The processes of one scale group: all alike, told apart by their number. */
export interface WorkerGroup {
  name: string
  /** How many are meant to run; those that end after scaling in do not count. */
  count(): number
  /** Invocations that run in each process, those that end included. */
  running(): number[]
  pids(): { instance: number; pid: number }[]
  /**
   * Starts processes, or lets those with the highest numbers finish what they run and end. Resolves when those that are
   * meant to run listen, also for the first time after a restart.
   */
  scaleTo(count: number): Promise<void>
  /** Whether no process takes new work: drain mode has reached all of them. */
  isOff(): boolean
  /** The process that takes it; undefined when none is up to. */
  sendToOne(message: ToWorker): number | undefined
  sendToAll(message: ToWorker): void
  drain(graceMs: number): Promise<void>
}

/** On Flex Consumption what runs has an hour when its instance is scaled in. */
const scaleInGraceMs = 3_600_000

/** @param start gives the options of a new process with that number; `mustStart` until the host is up */
export function workerGroup(
  name: string,
  start: (instance: number) => Omit<WorkerOptions, 'group' | 'instance' | 'onMessage'> & {
    mustStart: boolean
    onMessage(from: WorkerProcess, message: Parameters<WorkerOptions['onMessage']>[0]): void
  },
): WorkerGroup {
  let workers: WorkerProcess[] = []
  const ending = new Map<WorkerProcess, Promise<void>>()

  function startOne(): void {
    const used = new Set([...workers, ...ending.keys()].map(({ instance }) => instance))
    let instance = 0
    while (used.has(instance)) instance++
    const { onMessage, ...options } = start(instance)
    const worker: WorkerProcess = superviseWorker({
      ...options,
      group: name,
      instance,
      onMessage: message => onMessage(worker, message),
    })
    workers = [...workers, worker].sort((a, b) => a.instance - b.instance)
  }
  function endOne(worker: WorkerProcess, graceMs: number): void {
    workers = workers.filter(other => other !== worker)
    ending.set(
      worker,
      worker.drain(graceMs).finally(() => ending.delete(worker)),
    )
  }
  return {
    name,
    count: () => workers.length,
    running: () => [...workers, ...ending.keys()].map(worker => worker.running()),
    pids: () =>
      [...workers, ...ending.keys()].flatMap(worker => {
        const pid = worker.pid()
        return pid === undefined ? [] : [{ instance: worker.instance, pid }]
      }),
    scaleTo: async count => {
      while (workers.length < count) startOne()
      for (const worker of workers.slice(count)) endOne(worker, scaleInGraceMs)
      await Promise.all(workers.map(({ ready }) => ready))
    },
    isOff: () => workers.every(worker => !worker.isOn()),
    sendToOne: message => workers.find(worker => worker.send(message))?.pid(),
    sendToAll: message => {
      for (const worker of workers) worker.send(message)
    },
    drain: async graceMs => {
      for (const worker of workers) endOne(worker, graceMs)
      // Those that scaling in had given an hour end in time as well.
      await Promise.all([...ending].map(([worker, ended]) => Promise.race([ended, worker.drain(graceMs)])))
    },
  }
}
