import { setTimeout as delay } from 'node:timers/promises'
import type { TypedData } from '../app/core-types.ts'
import type { Invoker } from '../app/invoker.ts'
import type { Listener } from '../http/http-listener.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { QueuePlan } from '../workers/messages.ts'
import type { QueueMessage, StorageQueue } from './storage-queue.ts'

interface QueueListenerOptions {
  plan: Pick<QueuePlan, 'name' | 'bindingName'>
  queue: StorageQueue
  poison: StorageQueue
  config: HostConfig['queues']
  /** How long a message taken stays hidden; renewed at half of it while its function runs. */
  visibilityMs: number
  invoker: Pick<Invoker, 'invoke'>
  log(line: LogLine): void
}

const pollMsMin = 100

/** Polls a storage queue and runs its function for every message, as the queue extension does. */
export async function listenQueue(options: QueueListenerOptions): Promise<Listener> {
  const { queue, config, visibilityMs, log } = options
  await queue.create()
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()

  async function poll(): Promise<void> {
    let waitMs = pollMsMin
    while (!stopping.signal.aborted) {
      if (running.size > config.newBatchThreshold) {
        await Promise.race(running)
        continue
      }
      const messages = await queue.receive(config.batchSize, visibilityMs).catch((error: Error) => {
        log({ level: 'warning', category: 'system', functionName: options.plan.name, message: error.message })
        return []
      })
      if (stopping.signal.aborted) {
        await Promise.all(messages.map(message => queue.hide(message, 0)))
        return
      }
      for (const message of messages) start(message)
      waitMs = messages.length > 0 ? pollMsMin : Math.min(waitMs * 2, config.pollMsMax)
      if (messages.length === 0) await pause(waitMs, stopping.signal)
    }
  }

  function start(message: QueueMessage): void {
    const done = handle(message, options)
      .catch((error: Error) => {
        const what = `Message ${message.messageId} of queue "${queue.name}" is delivered again later: ${error.message}`
        log({ level: 'error', category: 'system', functionName: options.plan.name, message: what })
      })
      .finally(() => running.delete(done))
    running.add(done)
  }

  const polling = poll()
  return {
    stop: async () => stopping.abort(),
    close: async () => {
      await polling
      await Promise.all(running)
    },
  }
}

async function handle(message: QueueMessage, options: QueueListenerOptions): Promise<void> {
  const { plan, queue, poison, config, invoker, log } = options
  const body = config.base64 ? decodeBase64(message.text) : Buffer.from(message.text, 'utf8')
  const toPoison = async (why: string) => {
    await poison.send(message.text)
    await queue.remove(message)
    const text = `Message ${message.messageId} of queue "${queue.name}" ${why}: moved to "${poison.name}"`
    log({ level: 'warning', category: 'system', functionName: plan.name, message: text })
  }
  if (body === undefined) return toPoison('is not base64')
  if (message.dequeueCount > config.maxDequeueCount) return toPoison(`was taken ${message.dequeueCount} times`)

  const stopRenewing = keepHidden(message, options)
  const { type } = await invoker
    .invoke({
      functionName: plan.name,
      bindingName: plan.bindingName,
      data: { string: body.toString('utf8') },
      triggerMetadata: queueMetadata(message, body.toString('utf8')),
    })
    .finally(stopRenewing)
  if (type === 'succeeded') {
    if (await queue.remove(message)) return
    const text = `Message ${message.messageId} of queue "${queue.name}" was done but is held by someone else: it runs again`
    log({ level: 'warning', category: 'system', functionName: plan.name, message: text })
  } else if (message.dequeueCount >= config.maxDequeueCount) {
    await toPoison(`failed ${message.dequeueCount} times`)
  } else {
    await queue.hide(message, config.releaseMs)
  }
}

/** Renews at half the visibility until the returned function is awaited; the pop receipt of the message moves along. */
function keepHidden(
  message: QueueMessage,
  { queue, visibilityMs, plan, log }: QueueListenerOptions,
): () => Promise<void> {
  let renewing: Promise<void> | undefined
  const renew = async () => {
    try {
      const popReceipt = await queue.hide(message, visibilityMs)
      if (popReceipt !== undefined) message.popReceipt = popReceipt
    } catch (error) {
      const why = `Cannot keep message ${message.messageId} of queue "${queue.name}" hidden, trying again: ${error}`
      log({ level: 'warning', category: 'system', functionName: plan.name, message: why })
    }
  }
  const timer = setInterval(() => {
    renewing = renew()
  }, visibilityMs / 2)
  return async () => {
    clearInterval(timer)
    await renewing
  }
}

function queueMetadata(message: QueueMessage, text: string): Record<string, TypedData> {
  const date = (value: string) => ({ json: JSON.stringify(new Date(value).toISOString().replace('.000Z', '+00:00')) })
  return {
    QueueTrigger: { string: text },
    DequeueCount: { json: String(message.dequeueCount) },
    ExpirationTime: date(message.expiresOn),
    Id: { string: message.messageId },
    InsertionTime: date(message.insertedOn),
    NextVisibleTime: date(message.nextVisibleOn),
    PopReceipt: { string: message.popReceipt },
  }
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === text.trim().replace(/=+$/, '') ? bytes : undefined
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(error => {
    if (!signal.aborted) throw error
  })
}
