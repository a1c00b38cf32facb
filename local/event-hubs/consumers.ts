import { type AmqpError, linkStolen } from './amqp-error.ts'
import type { Consumer } from './consumer.ts'
import type { Partition } from './partition.ts'

/** Receivers without an owner level on one partition in one consumer group. Source: Event Hubs quotas and limits. */
const receiversPerPartitionMax = 5

/** The open receivers of every partition, and who may read it next to whom. */
export class Consumers {
  private readonly byPartition = new Map<Partition, Set<Consumer>>()

  /** Lets a receiver in, after disconnecting those it takes the partition from; otherwise the error it gets. */
  add(consumer: Consumer): AmqpError | undefined {
    const { partition, epoch, name } = consumer.options
    const rivals = this.rivalsOf(consumer)
    const owner = rivals.find(rival => rival.options.epoch !== undefined)
    const refusal = this.refusal(consumer, owner, rivals.length)
    if (refusal !== undefined) return refusal
    if (epoch !== undefined) {
      for (const rival of rivals) {
        this.remove(rival)
        rival.options.sender.close(
          linkStolen(
            `New receiver '${name}' with higher epoch of '${epoch}' is created hence current receiver '${rival.options.name}' with epoch '${rival.options.epoch ?? 0}' is getting disconnected. If you are recreating the receiver, make sure a higher epoch is used.`,
          ),
        )
      }
    }
    const open = this.byPartition.get(partition) ?? new Set()
    this.byPartition.set(partition, open.add(consumer))
    return undefined
  }

  remove(consumer: Consumer): void {
    this.byPartition.get(consumer.options.partition)?.delete(consumer)
  }

  wake(partition: Partition): void {
    for (const consumer of this.byPartition.get(partition) ?? []) consumer.wake()
  }

  private rivalsOf({ options }: Consumer): Consumer[] {
    const open = [...(this.byPartition.get(options.partition) ?? [])]
    return open.filter(rival => rival.options.consumerGroup === options.consumerGroup)
  }

  private refusal({ options }: Consumer, owner: Consumer | undefined, rivals: number): AmqpError | undefined {
    const ownerEpoch = owner?.options.epoch
    if (ownerEpoch !== undefined && options.epoch === undefined) {
      return linkStolen(
        `At least one receiver for the endpoint is created with epoch of '${ownerEpoch}', and so non-epoch receiver is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.`,
      )
    }
    if (ownerEpoch !== undefined && options.epoch !== undefined && options.epoch < ownerEpoch) {
      return linkStolen(
        `Receiver '${owner?.options.name}' with a higher epoch '${ownerEpoch}' already exists. Receiver '${options.name}' with epoch ${options.epoch} cannot be created. Make sure you are creating receiver with increasing epoch value to ensure connectivity, or ensure all old epoch receivers are closed or disconnected.`,
      )
    }
    if (options.epoch === undefined && rivals >= receiversPerPartitionMax) {
      return {
        condition: 'amqp:resource-limit-exceeded',
        description: `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${receiversPerPartitionMax}.`,
      }
    }
    return undefined
  }
}
