import type { TypedData } from '../app/core-types.ts'
import { storageQueue } from '../queues/storage-queue.ts'
import type { StorageAccount } from '../storage/storage-account.ts'
import { messagesOf } from './output-values.ts'

interface QueueTarget {
  account: StorageAccount
  queueName: string
  base64: boolean
}

const timeToLiveSeconds = 7 * 24 * 3600
const namePattern = /^[a-z0-9](?:-?[a-z0-9]){2,62}$/

/** Puts the messages of an output into a queue one after another; a missing queue is made. */
export async function writeQueue({ account, queueName, base64 }: QueueTarget, data: TypedData): Promise<void> {
  const name = queueName.toLowerCase()
  if (!namePattern.test(name) || name.length > 63) {
    throw new Error(
      `queueName must be 3 to 63 letters, digits and single dashes between them: current value is "${queueName}"`,
    )
  }
  const queue = storageQueue(account, name)
  for (const message of messagesOf(data)) {
    const bytes = Buffer.from(message)
    await queue.send(bytes.toString(base64 ? 'base64' : 'utf8'), timeToLiveSeconds)
  }
}
