import type { Invoker } from '../app/invoker.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { QueuePlan } from '../workers/messages.ts'
import { queueMetadata } from './queue-metadata.ts'
import type { QueueMessage, StorageQueue } from './storage-queue.ts'

export interface MessageOptions {
  plan: Pick<QueuePlan, 'name' | 'bindingName'>
  queue: StorageQueue
  /** Undefined for a queue that can have no poison queue. */
  poison: StorageQueue | undefined
  config: HostConfig['queues']
  /** How long a message taken stays hidden; renewed at half of it while its function runs. */
  visibilityMs: number
  invoker: Pick<Invoker, 'invoke'>
  log(line: LogLine): void
}

const renewMsMin = 1_000

/**
 * Runs the function for a message and then deletes it, gives it back or moves it to the poison queue. Without a poison queue a
 * message that failed stays hidden until its time is over. Source: Azure/azure-sdk-for-net, QueueProcessor.
 */
export async function handleMessage(message: QueueMessage, options: MessageOptions): Promise<void> {
  const { plan, queue, poison, config, invoker } = options
  const body = config.base64 ? decodeBase64(message.text) : Buffer.from(message.text, 'utf8')
  const toPoison = async (why: string) => {
    if (poison === undefined) return
    await poison.send(message.text)
    await queue.remove(message)
    warn(`Message ${message.messageId} of queue "${queue.name}" ${why}: moved to "${poison.name}"`, options)
  }
  if (body === undefined) return toPoison('is not base64')
  if (message.dequeueCount > config.maxDequeueCount) return toPoison(`was taken ${message.dequeueCount} times`)

  const text = body.toString('utf8')
  const stopRenewing = keepHidden(message, options)
  const { type } = await invoker
    .invoke({
      functionName: plan.name,
      bindingName: plan.bindingName,
      data: { string: text },
      triggerMetadata: queueMetadata(message, text),
    })
    .finally(stopRenewing)
  if (type === 'succeeded') {
    if (await queue.remove(message)) return
    warn(`Message ${message.messageId} of queue "${queue.name}" was done but is held by someone else`, options)
  } else if (message.dequeueCount >= config.maxDequeueCount) {
    await toPoison(`failed ${message.dequeueCount} times`)
  } else if (poison !== undefined) {
    await queue.hide(message, config.releaseMs)
  }
}

/**
 * Renews at half the visibility, and sooner after a renewal that failed, until the returned function is awaited; the pop receipt
 * of the message moves along. A message that someone else holds by now is theirs.
 */
function keepHidden(message: QueueMessage, options: MessageOptions): () => Promise<void> {
  const { queue, visibilityMs } = options
  let renewing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  const later = (ms: number) => {
    timer = setTimeout(() => {
      renewing = renew(ms)
    }, ms)
  }
  const renew = async (waitedMs: number) => {
    try {
      const popReceipt = await queue.hide(message, visibilityMs)
      if (popReceipt === undefined) return
      message.popReceipt = popReceipt
      later(visibilityMs / 2)
    } catch (error) {
      warn(`Cannot keep message ${message.messageId} of queue "${queue.name}" hidden, trying again: ${error}`, options)
      later(Math.max(waitedMs / 2, Math.min(renewMsMin, waitedMs)))
    }
  }
  later(visibilityMs / 2)
  return async () => {
    clearTimeout(timer)
    await renewing
    clearTimeout(timer)
  }
}

function warn(message: string, { plan, log }: MessageOptions): void {
  log({ level: 'warning', category: 'system', functionName: plan.name, message })
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === text.trim().replace(/=+$/, '') ? bytes : undefined
}
