import type { TypedData } from '../app/core-types.ts'
import { queueName } from '../queues/queue-name.ts'
import { storageQueue } from '../queues/storage-queue.ts'
import type { StorageAccount } from '../storage/storage-account.ts'
import { messagesOf } from './output-values.ts'

interface QueueTarget {
  account: StorageAccount
  queueName: string
  base64: boolean
}

const timeToLiveSeconds = 7 * 24 * 3600

/** Puts the messages of an output into a queue one after another; a missing queue is made. */
export async function writeQueue(target: QueueTarget, data: TypedData): Promise<void> {
  const queue = storageQueue(target.account, queueName(target.queueName, 'an output'))
  for (const message of messagesOf(data)) {
    const bytes = Buffer.from(message)
    await queue.send(bytes.toString(target.base64 ? 'base64' : 'utf8'), timeToLiveSeconds)
  }
}
