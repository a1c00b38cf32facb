import type { ReceivedEventData, PartitionContext as SdkPartition } from '@azure/event-hubs'
import type { TypedData } from '../app/core-types.ts'
import type { Invocation, Invoker, Outcome } from '../app/invoker.ts'
import { withRetries } from '../app/retry-policy.ts'
import type { EventHubPlan } from '../workers/messages.ts'
import { batchMetadata, eventBytes, eventMetadata, eventText, type PartitionContext } from './event-hub-metadata.ts'

export type Plan = Pick<EventHubPlan, 'name' | 'bindingName' | 'cardinality' | 'binary' | 'retry'>
export type Partition = Pick<
  SdkPartition,
  'fullyQualifiedNamespace' | 'eventHubName' | 'consumerGroup' | 'partitionId' | 'updateCheckpoint'
>

interface RunOptions {
  partition: Partition
  isCheckpointing: boolean
  plan: Plan
  invoker: Pick<Invoker, 'invoke'>
  /** Aborts when the listener stops or has lost the partition. */
  ending: AbortSignal
}

type Call = Pick<Invocation, 'data' | 'triggerMetadata'> & { last: ReceivedEventData }

/**
 * Runs the function once for all events, or for one after another, under its retry policy.
 * @returns the event up to which all are done; undefined when none is, or when they have to be delivered again
 */
export async function runBatch(
  events: ReceivedEventData[],
  options: RunOptions,
): Promise<ReceivedEventData | undefined> {
  const { plan, invoker, ending } = options
  let done: ReceivedEventData | undefined
  for (const { last, ...call } of calls(events, options)) {
    if (ending.aborted) break
    const names = { functionName: plan.name, bindingName: plan.bindingName }
    const outcome: Outcome | { type: 'cancelled' } = await withRetries(plan.retry, ending, retry =>
      invoker.invoke({ ...names, ...call, retry }),
    )
    // With a retry policy the partition waits, so what timed out is delivered again by the restarted worker.
    if (outcome.type === 'cancelled' || (outcome.type === 'timed-out' && plan.retry !== undefined)) return undefined
    done = last
  }
  return done
}

function calls(events: ReceivedEventData[], { partition, isCheckpointing, plan }: RunOptions): Call[] {
  const context: PartitionContext = {
    FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
    EventHubName: partition.eventHubName,
    ConsumerGroup: partition.consumerGroup,
    PartitionId: partition.partitionId,
    IsCheckpointingAfterInvocation: isCheckpointing,
  }
  if (plan.cardinality === 'one') {
    return events.map(event => ({
      data: plan.binary ? { bytes: eventBytes(event) } : { string: eventText(event) },
      triggerMetadata: eventMetadata(event, context),
      last: event,
    }))
  }
  const last = events.at(-1)
  if (last === undefined) return []
  return [{ data: batchData(events, plan.binary), triggerMetadata: batchMetadata(events, context), last }]
}

function batchData(events: ReceivedEventData[], binary: boolean): TypedData {
  return binary
    ? { collectionBytes: { bytes: events.map(eventBytes) } }
    : { collectionString: { string: events.map(eventText) } }
}
