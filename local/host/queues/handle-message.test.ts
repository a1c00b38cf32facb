import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Invocation, Outcome } from '../app/invoker.ts'
import { handleMessage, type MessageOptions } from './handle-message.ts'
import type { QueueMessage, StorageQueue } from './storage-queue.ts'

const succeeded: Outcome = { type: 'succeeded', response: {} }
const failed: Outcome = { type: 'failed', error: new Error('no') }
const message = (text: string, dequeueCount = 1): QueueMessage => {
  const time = 'Sun, 01 Mar 2026 10:00:00 GMT'
  return {
    messageId: 'm',
    popReceipt: 'p0',
    dequeueCount,
    insertedOn: time,
    expiresOn: time,
    nextVisibleOn: time,
    text,
  }
}

interface Situation {
  base64?: boolean
  outcome?: Outcome
  runMs?: number
  poison?: boolean
  /** What the queue answers to a renewal, in turn: a pop receipt, someone else's message, or an error. */
  renewals?: (string | undefined | Error)[]
  isGone?: boolean
}

/** What is done to queue and poison queue, written down. */
function situation({ base64 = true, outcome = succeeded, runMs = 0, poison = true, renewals = [], isGone }: Situation) {
  const steps: string[] = []
  const queue = (name: string): StorageQueue => ({
    name,
    receive: async () => [],
    send: async text => {
      steps.push(`send ${text}`)
    },
    hide: async ({ popReceipt }, ms) => {
      steps.push(`hide ${popReceipt} ${ms}`)
      const answer = renewals.length > 0 ? renewals.shift() : 'p'
      if (answer instanceof Error) throw answer
      return answer
    },
    remove: async ({ popReceipt }) => {
      steps.push(`remove ${popReceipt}`)
      return isGone !== true
    },
  })
  const options: MessageOptions = {
    plan: { name: 'f', bindingName: 't' },
    queue: queue('orders'),
    poison: poison ? queue('orders-poison') : undefined,
    config: { batchSize: 1, newBatchThreshold: 0, releaseMs: 5_000, maxDequeueCount: 5, pollMsMax: 100, base64 },
    visibilityMs: 10_000,
    invoker: {
      invoke: async ({ data }: Invocation) => {
        steps.push(`run ${data.string}`)
        await new Promise(resolve => setTimeout(resolve, runMs))
        return outcome
      },
    },
    log: () => undefined,
  }
  return { steps, handle: (one: QueueMessage) => handleMessage(one, options) }
}

async function stepsOf(of: Situation, one: QueueMessage): Promise<string[]> {
  const { steps, handle } = situation(of)
  const done = handle(one)
  await vi.advanceTimersByTimeAsync(60_000)
  await done
  return steps
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('handleMessage()', () => {
  test('takes a text as it is with messageEncoding none, and its base64 with base64', async () => {
    expect(await stepsOf({ base64: false }, message('aGk='))).toEqual(['run aGk=', 'remove p0'])
    expect(await stepsOf({}, message('aGk='))).toEqual(['run hi', 'remove p0'])
    expect(await stepsOf({}, message('hi!'))).toEqual(['send hi!', 'remove p0'])
  })
  test('gives a message back that failed, and moves it to the poison queue at maxDequeueCount', async () => {
    expect(await stepsOf({ outcome: failed }, message('aGk=', 4))).toEqual(['run hi', 'hide p0 5000'])
    expect(await stepsOf({ outcome: failed }, message('aGk=', 5))).toEqual(['run hi', 'send aGk=', 'remove p0'])
  })
  test('runs no message that was taken more often than maxDequeueCount: its process died each time', async () => {
    expect(await stepsOf({}, message('aGk=', 6))).toEqual(['send aGk=', 'remove p0'])
  })
  test('leaves a message hidden that failed in a queue without poison queue', async () => {
    expect(await stepsOf({ poison: false, outcome: failed }, message('aGk=', 5))).toEqual(['run hi'])
    expect(await stepsOf({ poison: false }, message('hi!'))).toEqual([])
  })
  test('renews at half the visibility while the function runs, with the pop receipt of the renewal before', async () => {
    const steps = await stepsOf({ runMs: 12_000, renewals: ['p1', 'p2'] }, message('aGk='))
    expect(steps).toEqual(['run hi', 'hide p0 10000', 'hide p1 10000', 'remove p2'])
  })
  test('renews sooner behind a renewal that failed', async () => {
    const steps = await stepsOf({ runMs: 8_000, renewals: [new Error('away'), 'p1'] }, message('aGk='))
    expect(steps).toEqual(['run hi', 'hide p0 10000', 'hide p0 10000', 'remove p1'])
  })
  test('renews no more what someone else holds by now, and leaves it to them', async () => {
    const steps = await stepsOf({ runMs: 30_000, renewals: [undefined], isGone: true }, message('aGk='))
    expect(steps).toEqual(['run hi', 'hide p0 10000', 'remove p0'])
  })
})
