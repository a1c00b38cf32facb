import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '../app/backoff.ts'
import type { TriggerListener } from '../workers/trigger-listener.ts'
import { handleMessage, type MessageOptions } from './handle-message.ts'
import { manualMetadata } from './queue-metadata.ts'
import type { QueueMessage } from './storage-queue.ts'

const pollMsMin = 100

/**
 * Polls a storage queue and runs its function for every message, as the queue extension does. A queue that is missing is an
 * empty one: it is not made here.
 */
export function listenQueue(options: MessageOptions): TriggerListener {
  const { plan, queue, config, visibilityMs, invoker, log } = options
  const { name, bindingName } = plan
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const polling = poll()

  async function poll(): Promise<void> {
    let emptyPolls = 0
    while (!stopping.signal.aborted) {
      if (running.size > config.newBatchThreshold) {
        await Promise.race(running)
        continue
      }
      const messages = await queue.receive(config.batchSize, visibilityMs).catch((error: Error) => {
        log({ level: 'warning', category: 'system', functionName: name, message: error.message })
        return []
      })
      if (stopping.signal.aborted) {
        // Taken but not begun: others shall have them at once.
        await Promise.all(messages.map(message => queue.hide(message, 0)))
        return
      }
      for (const message of messages) start(message)
      emptyPolls = messages.length > 0 ? 0 : emptyPolls + 1
      const waitMs = backoffMs(emptyPolls, { minMs: pollMsMin, maxMs: config.pollMsMax }, Math.random())
      if (emptyPolls > 0) await pause(waitMs, stopping.signal)
    }
  }

  function start(message: QueueMessage): void {
    const done = handleMessage(message, options)
      .catch((error: Error) => {
        const what = `Message ${message.messageId} of queue "${queue.name}" is delivered again later: ${error.message}`
        log({ level: 'error', category: 'system', functionName: name, message: what })
      })
      .finally(() => running.delete(done))
    running.add(done)
  }

  return {
    trigger: (input = '') => {
      const data = { string: input }
      void invoker.invoke({ functionName: name, bindingName, data, triggerMetadata: manualMetadata(input) })
    },
    stop: async () => stopping.abort(),
    close: async () => {
      await polling
      await Promise.all(running)
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(error => {
    if (!signal.aborted) throw error
  })
}
