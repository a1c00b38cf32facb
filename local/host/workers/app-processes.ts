import { planFunctions } from '../app/plan.ts'
import type { Told } from '../scaling/scaled-groups.ts'
import { type ManualTriggers, manualTriggers } from './manual-triggers.ts'
import type {
  AdminOrder,
  DrainStatus,
  FromWorker,
  FunctionPlan,
  HostEvent,
  ListenOptions,
  OrderAnswer,
  Registration,
} from './messages.ts'
import { type WorkerGroup, workerGroup } from './worker-group.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface ProcessesOptions {
  appDir: string
  env: Record<string, string>
  settings: Record<string, string>
  listen: Omit<ListenOptions, 'instance' | 'isDraining'>
  onEvent(event: HostEvent): void
}

export interface AppProcesses {
  add(name: string): WorkerGroup
  plans(): FunctionPlan[]
  groupOf(functionName: string): WorkerGroup | undefined
  told(group: string): Told
  triggers: ManualTriggers
  workers(): { group: string; instance: number; pid: number }[]
  /** From now on a process that cannot start is tried again. */
  started(): void
  drainMode(isDraining: boolean): void
  drainStatus(): DrainStatus
  drain(graceMs: number): Promise<void>
}

/** The scale groups of one app with their processes, and what these tell. */
export function appProcesses(
  { appDir, env, settings, listen, onEvent }: ProcessesOptions,
  answer: (order: AdminOrder) => Promise<OrderAnswer>,
): AppProcesses {
  const groups = new Map<string, WorkerGroup>()
  const told = new Map<string, Told>()
  const triggers = manualTriggers()
  let plans: FunctionPlan[] = []
  let isStarting = true
  let isDraining = false
  const all = () => [...groups.values()]
  const triggered = () => all().filter(({ name }) => name !== 'http')

  function toListen(group: string, instance: number, registrations: Registration[]) {
    plans = planFunctions(registrations, settings, listen.config)
    if (plans.some(({ type }) => type !== 'http') && !settings.AzureWebJobsStorage) {
      throw new Error('Setting "AzureWebJobsStorage" must hold a storage connection string: it is missing')
    }
    const functions = plans.filter(({ scaleGroup }) => scaleGroup === group)
    if (functions.length === 0 && group !== 'http') throw new Error(`The app no longer registers function "${group}"`)
    return { type: 'listen' as const, functions, options: { ...listen, instance, isDraining } }
  }
  function onMessage(from: WorkerProcess, message: FromWorker): void {
    if (message.type === 'listening' && message.port !== undefined) listen.port = message.port
    if (message.type === 'next') told.set(from.group, { next: message.at })
    if (message.type === 'backlog') {
      const { unprocessed, partitions } = message
      told.set(from.group, { hub: { unprocessed, partitions } })
    }
    if (message.type === 'triggered') triggers.answered(message)
    if (message.type === 'ask') {
      answer(message.order).then(given => from.send({ type: 'answer', id: message.id, ...given }))
    }
  }
  return {
    add: name => {
      const start = (instance: number) => ({
        ...{ appDir, env, onMessage, mustStart: isStarting, heartbeatTimeoutMs: listen.config.functionTimeoutMs },
        toListen: (registrations: Registration[]) => toListen(name, instance, registrations),
        onEvent: (event: HostEvent) => {
          if (event.type === 'exited') triggers.ended(event)
          onEvent(event)
        },
      })
      const group = workerGroup(name, start)
      groups.set(name, group)
      return group
    },
    plans: () => plans,
    groupOf: functionName => groups.get(plans.find(({ name }) => name === functionName)?.scaleGroup ?? ''),
    told: group => told.get(group) ?? {},
    triggers,
    workers: () => all().flatMap(({ name, pids }) => pids().map(one => ({ group: name, ...one }))),
    started: () => {
      isStarting = false
    },
    drainMode: draining => {
      isDraining = draining
      for (const group of triggered()) group.sendToAll({ type: 'drain-mode', isDraining })
    },
    drainStatus: () => {
      const outstandingInvocations = all()
        .flatMap(group => group.running())
        .reduce((sum, running) => sum + running, 0)
      const isDone = outstandingInvocations === 0 && triggered().every(group => group.isOff())
      return { state: isDraining ? (isDone ? 'Completed' : 'InProgress') : 'Disabled', outstandingInvocations }
    },
    drain: async graceMs => void (await Promise.all(all().map(group => group.drain(graceMs)))),
  }
}
