import type { Invoker } from '../app/invoker.ts'
import { blobLease } from '../storage/blob-lease.ts'
import { ownerId } from '../storage/owner-id.ts'
import { parseStorageConnection } from '../storage/storage-account.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { ListenOptions, TimerPlan } from '../workers/messages.ts'
import type { TriggerListener } from '../workers/trigger-listener.ts'
import { parseSchedule } from './ncrontab.ts'
import { nextOccurrences } from './next-occurrences.ts'
import { listenAsSingleton, lockSeconds } from './singleton-listener.ts'
import { listenTimer, timerInfo } from './timer-listener.ts'
import { timerStatusStore } from './timer-status.ts'

interface TimerTriggerOptions extends Pick<ListenOptions, 'hostId' | 'hostRun' | 'instance'> {
  plan: TimerPlan
  storage: string
  invoker: Pick<Invoker, 'invoke'>
  /** Hears of each next occurrence, while this instance is the one that runs it. */
  onNext: (next: Date) => void
  log(line: LogLine): void
}

/** A timer function: one instance of all runs it on its schedule; by hand it runs on any, at once. */
export async function timerTrigger(options: TimerTriggerOptions): Promise<TriggerListener> {
  const { plan, hostId, hostRun, instance, invoker, onNext, log } = options
  const { name, bindingName } = plan
  const account = parseStorageConnection(options.storage, 'AzureWebJobsStorage')
  const store = plan.useMonitor ? timerStatusStore(account, hostId, name) : undefined
  const schedule = parseSchedule(plan.schedule)
  const lease = blobLease({
    account,
    path: `azure-webjobs-hosts/locks/${hostId}/Host.Functions.${name}.Listener`,
    leaseId: ownerId({ hostRun, functionName: name, instance }),
    seconds: lockSeconds,
  })
  log({
    level: 'information',
    category: 'system',
    functionName: name,
    message: nextOccurrences(plan, schedule, new Date()),
  })
  const listener = await listenAsSingleton({
    functionName: name,
    lease,
    listen: () => listenTimer({ plan, schedule, store, invoker, log, onNext }),
    log,
  })
  const manualRuns = new Set<Promise<void>>()
  const runByHand = async () => {
    const data = { json: timerInfo(await store?.read(), false) }
    await invoker.invoke({ functionName: name, bindingName, data })
  }
  return {
    ...listener,
    trigger: () => {
      const run = runByHand()
        .catch((error: Error) => {
          const message = `Function "${name}" could not be started by hand: ${error.message}`
          log({ level: 'error', category: 'system', functionName: name, message })
        })
        .finally(() => manualRuns.delete(run))
      manualRuns.add(run)
    },
    close: async () => {
      await Promise.all(manualRuns)
      await listener.close()
    },
  }
}
