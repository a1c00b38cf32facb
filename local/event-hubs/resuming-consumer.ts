import { setTimeout as delay } from 'node:timers/promises'
import {
  EventHubConsumerClient,
  type PartitionContext,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs'

const retryOptions = { maxRetries: 100, retryDelayInMs: 50, maxRetryDelayInMs: 50, timeoutInMs: 2_000 }
const reachesEndWithinMs = 60_000

interface Place {
  sequence: number
  offset: bigint
}

/** Reads a whole hub with checkpoints of its own, over as many restarts of the broker as there are, and checks the order. */
export class ResumingConsumer {
  /** Bodies, each of which names one event. */
  readonly received = new Set<unknown>()
  /** Sequence numbers that were skipped, and events whose offset does not grow. */
  gaps = 0
  private readonly heardFrom = new Set<string>()
  private readonly places = new Map<string, Place>()
  private readonly client: EventHubConsumerClient
  private readonly subscription: Subscription

  constructor(connectionString: string, hub: string) {
    this.client = new EventHubConsumerClient('$Default', connectionString, hub, {
      retryOptions,
      loadBalancingOptions: { updateIntervalInMs: 500 },
    })
    this.subscription = this.client.subscribe(
      {
        processEvents: (events, context) => this.take(events, context),
        // The lost connection is reported here; the subscription goes on.
        processError: async () => undefined,
      },
      { startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1, maxBatchSize: 500 },
    )
  }

  /** Begins to note which partitions an event arrives from. */
  listenAnew(): void {
    this.heardFrom.clear()
  }

  /** Whether every one of so many partitions has been heard from since. */
  hasHeard(partitions: number): boolean {
    return this.heardFrom.size === partitions
  }

  /** Resolves when everything that the partitions hold has been received. @throws Error when it takes too long */
  async reachesEnd(): Promise<void> {
    const deadline = performance.now() + reachesEndWithinMs
    for (const id of await this.client.getPartitionIds()) {
      const { lastEnqueuedSequenceNumber: last } = await this.client.getPartitionProperties(id)
      while ((this.places.get(id)?.sequence ?? -1) < last) {
        if (performance.now() > deadline) {
          throw new Error(`Partition ${id} was read to ${this.places.get(id)?.sequence} of ${last} and no further`)
        }
        await delay(20)
      }
    }
  }

  async close(): Promise<void> {
    await this.subscription.close()
    await this.client.close()
  }

  private async take(events: ReceivedEventData[], context: PartitionContext): Promise<void> {
    for (const { body, sequenceNumber: sequence, offset } of events) {
      this.received.add(body)
      const before = this.places.get(context.partitionId) ?? { sequence: -1, offset: -1n }
      // What was received before its checkpoint was set comes again.
      if (sequence <= before.sequence) continue
      const grows = BigInt(offset) > before.offset
      this.gaps += sequence - before.sequence - 1 + (grows ? 0 : 1)
      this.places.set(context.partitionId, { sequence, offset: BigInt(offset) })
    }
    if (events.length > 0) this.heardFrom.add(context.partitionId)
    const last = events.at(-1)
    if (last !== undefined) await context.updateCheckpoint(last)
  }
}
