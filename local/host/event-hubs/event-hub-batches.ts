import { setTimeout as delay } from 'node:timers/promises'
import type { ReceivedEventData, PartitionContext as SdkPartition } from '@azure/event-hubs'
import type { TypedData } from '../app/core-types.ts'
import type { Invocation, Invoker, Outcome } from '../app/invoker.ts'
import { withRetries } from '../app/retry-policy.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { EventHubPlan } from '../workers/messages.ts'
import { batchMetadata, eventBytes, eventMetadata, eventText, type PartitionContext } from './event-hub-metadata.ts'

type Plan = Pick<EventHubPlan, 'name' | 'bindingName' | 'cardinality' | 'binary' | 'retry'>
type Partition = Pick<
  SdkPartition,
  'fullyQualifiedNamespace' | 'eventHubName' | 'consumerGroup' | 'partitionId' | 'updateCheckpoint'
>

interface BatchOptions {
  plan: Plan
  config: HostConfig['eventHubs']
  invoker: Pick<Invoker, 'invoke'>
  stopping: AbortSignal
  log(line: LogLine): void
}

export interface PartitionBatches {
  /** Takes what a receive gave, possibly nothing; resolves when its batches are done and checkpointed. */
  receive(events: ReceivedEventData[], partition: Partition): Promise<void>
}

const checkpointRetryMs = 500

/**
 * Cuts the events of one partition into batches and runs them one after another. The checkpoint moves on behind every
 * `batchCheckpointFrequency`th batch whether its function succeeded or threw, and never behind a cancelled one.
 */
export function partitionBatches(options: BatchOptions): PartitionBatches {
  const { config, stopping } = options
  const buffer: ReceivedEventData[] = []
  let waitingSince: number | undefined
  let batches = 0

  async function receive(events: ReceivedEventData[], partition: Partition): Promise<void> {
    buffer.push(...events)
    if (buffer.length === 0) return
    waitingSince ??= Date.now()
    const waitedEnough = Date.now() - waitingSince >= config.maxWaitMs
    while (buffer.length >= config.minEventBatchSize || (waitedEnough && buffer.length > 0)) {
      if (stopping.aborted) return
      const batch = buffer.splice(0, config.maxEventBatchSize)
      const isCheckpointing = (batches + 1) % config.batchCheckpointFrequency === 0
      const outcomes = await runBatch(batch, partition, isCheckpointing, options)
      if (outcomes.some(type => type === 'cancelled')) return
      batches++
      const last = batch.at(-1)
      if (isCheckpointing && last !== undefined) await checkpoint(last, partition, options)
    }
    waitingSince = buffer.length === 0 ? undefined : Date.now()
  }
  return { receive }
}

async function runBatch(
  events: ReceivedEventData[],
  partition: Partition,
  isCheckpointing: boolean,
  { plan, invoker, stopping }: BatchOptions,
): Promise<string[]> {
  const context: PartitionContext = {
    FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
    EventHubName: partition.eventHubName,
    ConsumerGroup: partition.consumerGroup,
    PartitionId: partition.partitionId,
    IsCheckpointingAfterInvocation: isCheckpointing,
  }
  const invocations: Pick<Invocation, 'data' | 'triggerMetadata'>[] =
    plan.cardinality === 'many'
      ? [{ data: batchData(events, plan.binary), triggerMetadata: batchMetadata(events, context) }]
      : events.map(event => ({
          data: plan.binary ? { bytes: eventBytes(event) } : { string: eventText(event) },
          triggerMetadata: eventMetadata(event, context),
        }))
  const runs = invocations.map(async invocation => {
    const names = { functionName: plan.name, bindingName: plan.bindingName }
    const outcome: Outcome | { type: 'cancelled' } = await withRetries(plan.retry, stopping, retry =>
      invoker.invoke({ ...names, ...invocation, retry }),
    )
    // With a retry policy the partition waits, so what timed out is delivered again by the restarted worker.
    return outcome.type === 'timed-out' && plan.retry !== undefined ? 'cancelled' : outcome.type
  })
  return Promise.all(runs)
}

function batchData(events: ReceivedEventData[], binary: boolean): TypedData {
  return binary
    ? { collectionBytes: { bytes: events.map(eventBytes) } }
    : { collectionString: { string: events.map(eventText) } }
}

/** Tries until the checkpoint is written: the next batch must not start before. */
async function checkpoint(last: ReceivedEventData, partition: Partition, options: BatchOptions): Promise<void> {
  while (true) {
    try {
      await partition.updateCheckpoint(last)
      return
    } catch (error) {
      const message = `Cannot write the checkpoint of partition ${partition.partitionId}, trying again: ${error}`
      options.log({ level: 'warning', category: 'system', functionName: options.plan.name, message })
      if (options.stopping.aborted) return
    }
    await delay(checkpointRetryMs)
  }
}
