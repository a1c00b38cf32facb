import { setTimeout as delay } from 'node:timers/promises'
import type { ReceivedEventData } from '@azure/event-hubs'
import type { Invoker } from '../app/invoker.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from '../workers/log-line.ts'
import { type Partition, type Plan, runBatch } from './run-batch.ts'

interface BatchOptions {
  plan: Plan
  config: HostConfig['eventHubs']
  invoker: Pick<Invoker, 'invoke'>
  /** Aborts when the listener stops. */
  stopping: AbortSignal
  /** When the checkpoint the partition is read from was written; undefined without one. */
  checkpointAt: Date | undefined
  /** Work on this partition from before it was lost and claimed again. */
  before: Promise<void>
  log(line: LogLine): void
}

export interface PartitionBatches {
  /** Takes what a receive gave, possibly nothing; resolves when the batches that are due are done and checkpointed. */
  receive(events: ReceivedEventData[], partition: Partition): Promise<void>
  /** Somebody else owns the partition by now: no further batch, no further checkpoint. */
  lose(): void
  isLost(): boolean
  /** Resolves when what runs has ended; nothing runs afterwards. */
  close(): Promise<void>
}

const checkpointRetryMs = 500
const idleCheckpointMs = 600_000

/**
 * Cuts the events of one partition into batches and runs them one after another. The checkpoint moves on behind every
 * `batchCheckpointFrequency`th batch whether its function succeeded or threw, and never once the listener stops or has lost the
 * partition. With a `minEventBatchSize` events wait for company, up to `maxWaitTime`; the first of them no longer than
 * since the checkpoint was written. Source: Azure/azure-sdk-for-net, EventHubListener.PartitionProcessor.
 */
export function partitionBatches(options: BatchOptions): PartitionBatches {
  const { plan, config, invoker, checkpointAt } = options
  const lost = new AbortController()
  const ending = AbortSignal.any([options.stopping, lost.signal])
  const cached: ReceivedEventData[] = []
  const minBatchSize = plan.cardinality === 'many' ? config.minEventBatchSize : 1
  let work = options.before
  let waiting: NodeJS.Timeout | undefined
  let isFirst = true
  let batchesSinceCheckpoint = 0
  let lastDone: { event: ReceivedEventData; partition: Partition } | undefined
  let receivedAt = Date.now()

  const inTurn = (step: () => Promise<void>) => {
    work = work.then(step)
    return work
  }
  async function dispatch(partition: Partition): Promise<void> {
    const events = cached.splice(0, config.maxEventBatchSize)
    batchesSinceCheckpoint++
    const isDue = config.enableCheckpointing && batchesSinceCheckpoint >= config.batchCheckpointFrequency
    const last = await runBatch(events, { partition, isCheckpointing: isDue, plan, invoker, ending })
    isFirst = false
    if (last === undefined) return
    lastDone = { event: last, partition }
    if (isDue && !ending.aborted) await checkpoint(last, partition)
  }
  async function take(events: ReceivedEventData[], partition: Partition): Promise<void> {
    if (ending.aborted) return
    cached.push(...events)
    if (events.length > 0) receivedAt = Date.now()
    else await checkpointIdle()
    while (cached.length >= minBatchSize && !ending.aborted) {
      clearTimeout(waiting)
      waiting = undefined
      await dispatch(partition)
    }
    if (cached.length > 0 && waiting === undefined && !ending.aborted) {
      waiting = setTimeout(() => inTurn(() => takeWaiting(partition)), waitMs())
    }
  }
  /** What has waited long enough runs as it is, if no full batch was made of it meanwhile. */
  async function takeWaiting(partition: Partition): Promise<void> {
    waiting = undefined
    if (cached.length > 0 && !ending.aborted) await dispatch(partition)
  }
  function waitMs(): number {
    if (!isFirst) return config.maxWaitMs
    if (checkpointAt === undefined) return 0
    return Math.max(0, config.maxWaitMs - (Date.now() - checkpointAt.getTime()))
  }
  const hasUncheckpointed = () =>
    config.enableCheckpointing && config.batchCheckpointFrequency > 1 && batchesSinceCheckpoint > 0
  async function checkpointIdle(): Promise<void> {
    if (lastDone === undefined || !hasUncheckpointed() || Date.now() - receivedAt < idleCheckpointMs) return
    await checkpoint(lastDone.event, lastDone.partition)
  }
  /** Tries until the checkpoint is written: the next batch must not start before. */
  async function checkpoint(event: ReceivedEventData, partition: Partition): Promise<void> {
    while (true) {
      try {
        await partition.updateCheckpoint(event)
        batchesSinceCheckpoint = 0
        return
      } catch (error) {
        const message = `Cannot write the checkpoint of partition ${partition.partitionId}, trying again: ${error}`
        options.log({ level: 'warning', category: 'system', functionName: plan.name, message })
        if (ending.aborted) return
      }
      await delay(checkpointRetryMs)
    }
  }
  const end = () => {
    clearTimeout(waiting)
    cached.length = 0
  }
  return {
    receive: (events, partition) => inTurn(() => take(events, partition)),
    isLost: () => lost.signal.aborted,
    lose: () => {
      lost.abort()
      end()
    },
    close: async () => {
      await work
      end()
      if (lastDone === undefined || !hasUncheckpointed() || lost.signal.aborted) return
      await checkpoint(lastDone.event, lastDone.partition)
    },
  }
}
