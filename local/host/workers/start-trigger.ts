import type { Invoker } from '../app/invoker.ts'
import type { LogLine } from './log-line.ts'
import type {
  EventHubPlan,
  FromWorker,
  FunctionPlan,
  HttpPlan,
  ListenOptions,
  QueuePlan,
  TimerPlan,
} from './messages.ts'
import type { TriggerListener } from './trigger-listener.ts'

interface TriggerOptions<Plan> {
  plan: Plan
  options: ListenOptions
  invoker: Invoker
  log(line: LogLine): void
  /** Tells the supervisor what it scales by. */
  tell(message: Extract<FromWorker, { type: 'next' | 'backlog' }>): void
}

/**
 * Starts the listener of a function that is not called over HTTP. Each trigger's module is loaded only where it is needed:
 * the SDK of the event hub alone costs 40 MB.
 */
export function startTrigger({
  plan,
  ...rest
}: TriggerOptions<Exclude<FunctionPlan, HttpPlan>>): Promise<TriggerListener> {
  switch (plan.type) {
    case 'eventHub':
      return startEventHub({ plan, ...rest })
    case 'queue':
      return startQueue({ plan, ...rest })
    case 'timer':
      return startTimer({ plan, ...rest })
  }
}

async function startEventHub({
  plan,
  options,
  invoker,
  log,
  tell,
}: TriggerOptions<EventHubPlan>): Promise<TriggerListener> {
  const { storage = '', hostRun, instance, config, backlogMs } = options
  const { checkpointContainer, listenEventHub } = await import('../event-hubs/event-hub-listener.ts')
  const listener = await listenEventHub({ plan, storage, hostRun, instance, config: config.eventHubs, invoker, log })
  // One instance looks for all of them.
  if (backlogMs === undefined || instance > 0) return listener
  const { watchEventHubBacklog } = await import('../scaling/event-hub-backlog.ts')
  const watch = watchEventHubBacklog({ plan, storage, container: checkpointContainer, everyMs: backlogMs }, backlog =>
    tell({ type: 'backlog', ...backlog }),
  )
  return {
    ...listener,
    close: async () => {
      await Promise.all([listener.close(), watch.close()])
    },
  }
}

async function startQueue({ plan, options, invoker, log }: TriggerOptions<QueuePlan>): Promise<TriggerListener> {
  const { config, queueVisibilityMs: visibilityMs } = options
  const { listenQueue } = await import('../queues/queue-listener.ts')
  const { parseStorageConnection } = await import('../storage/storage-account.ts')
  const { storageQueue } = await import('../queues/storage-queue.ts')
  const { poisonQueueName } = await import('../queues/queue-name.ts')
  const account = parseStorageConnection(plan.connection, `connection of function "${plan.name}"`)
  const queue = storageQueue(account, plan.queueName)
  const poisonName = poisonQueueName(plan.queueName)
  const poison = poisonName === undefined ? undefined : storageQueue(account, poisonName)
  return listenQueue({ plan, queue, poison, config: config.queues, visibilityMs, invoker, log })
}

async function startTimer({ plan, options, invoker, log, tell }: TriggerOptions<TimerPlan>): Promise<TriggerListener> {
  const { storage = '', hostId, hostRun, instance } = options
  const { timerTrigger } = await import('../timers/timer-trigger.ts')
  const onNext = (next: Date) => tell({ type: 'next', at: next.getTime() })
  return timerTrigger({ plan, storage, hostId, hostRun, instance, invoker, log, onNext })
}
