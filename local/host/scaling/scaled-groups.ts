import type { HostConfig } from '../settings/host-json.ts'
import { parseStorageConnection } from '../storage/storage-account.ts'
import type { FunctionPlan, HttpPlan, QueuePlan } from '../workers/messages.ts'
import type { WorkerGroup } from '../workers/worker-group.ts'
import { queueBacklog } from './queue-backlog.ts'
import type { ScaledGroup } from './scale-controller.ts'
import { desiredInstances, type TimerLimits, timerInstances } from './scale-decision.ts'

/** How the host scales; on Azure the scale and concurrency settings of the app. */
export interface ScaleOptions {
  /** Instances that a function scales out to. */
  maxInstances: number
  /** Instances that a function keeps with nothing to do, by its name. */
  alwaysReady: Readonly<Record<string, number>>
  /** Without anything to do, functions of queues and timers have no process. */
  toZero: boolean
  /** How often it is looked at what waits. */
  pollMs: number
  /** How long an instance stays that is not needed. */
  quietMs: number
  timers: TimerLimits
}

export const scaleDefaults: ScaleOptions = {
  maxInstances: 1,
  alwaysReady: {},
  toZero: true,
  pollMs: 500,
  quietMs: 60_000,
  timers: { leadMs: 5_000, stayMs: 60_000 },
}

/** What the processes of a group told last. */
export interface Told {
  /** When the timer occurs next, in milliseconds since 1970. */
  next?: number
  hub?: { unprocessed: number; partitions: number }
}

// A timer's process that is not needed has nothing to wait for: this is only for what was just started by hand to begin.
const timerQuietMsMax = 2_000

/** The fewest and the most instances of a function. */
function instanceBounds(
  plan: Exclude<FunctionPlan, HttpPlan>,
  { maxInstances, alwaysReady, toZero }: ScaleOptions,
): { min: number; max: number } {
  const ready = alwaysReady[plan.name] ?? 0
  switch (plan.type) {
    // A timer runs once for all instances. One without a monitor lives in its process only.
    case 'timer':
      return { min: toZero && plan.useMonitor && ready === 0 ? 0 : 1, max: 1 }
    case 'queue': {
      const min = Math.max(ready, toZero ? 0 : 1)
      return { min, max: Math.max(min, maxInstances) }
    }
    // What waits in a hub is told by a process of its function.
    case 'eventHub': {
      const min = Math.max(1, ready)
      return { min, max: Math.max(min, maxInstances) }
    }
  }
}

interface GroupOptions {
  group: WorkerGroup
  scale: ScaleOptions
  config: HostConfig
  told(): Told
}

/** By what the number of instances of a function is decided. */
export function scaledGroup(plan: Exclude<FunctionPlan, HttpPlan>, options: GroupOptions): ScaledGroup {
  const { group, scale } = options
  const limits = { ...instanceBounds(plan, scale), quietMs: scale.quietMs }
  switch (plan.type) {
    case 'timer':
      return {
        group,
        limits: { ...limits, quietMs: Math.min(scale.quietMs, timerQuietMsMax) },
        desired: timerDesired(options),
        takesTurn: true,
      }
    case 'queue':
      return { group, limits, desired: queueDesired(plan, options), takesTurn: false }
    case 'eventHub':
      return { group, limits, desired: hubDesired(options), takesTurn: false }
  }
}

function timerDesired({ group, scale, told }: GroupOptions) {
  return async () => timerInstances({ next: told().next, count: group.count(), now: Date.now() }, scale.timers)
}

function queueDesired({ name, queueName, connection }: QueuePlan, { config }: GroupOptions) {
  const account = parseStorageConnection(connection, `connection of function "${name}"`)
  const { batchSize, newBatchThreshold } = config.queues
  return async () => {
    const messages = await queueBacklog(account, queueName)
    return desiredInstances({ type: 'queue', messages, batchSize, newBatchThreshold })
  }
}

function hubDesired({ config, told }: GroupOptions) {
  const target = config.eventHubs.targetUnprocessedEventThreshold ?? config.eventHubs.maxEventBatchSize
  return async () => {
    const { hub } = told()
    return hub && desiredInstances({ type: 'eventHub', ...hub, target })
  }
}
