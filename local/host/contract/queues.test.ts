import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type ListenersUnderTest, listenersUnderTest, newRun, until } from './listeners-under-test.ts'

const rule = contract({
  trigger: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger',
  settings: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue',
  retries: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages',
  byHand: 'https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http',
  get: 'https://learn.microsoft.com/rest/api/storageservices/get-messages',
  put: 'https://learn.microsoft.com/rest/api/storageservices/put-message',
  processor:
    'Azure/azure-sdk-for-net/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Common/src/Shared/Queues/QueueProcessor.cs',
  listener:
    'Azure/azure-sdk-for-net/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Common/src/Shared/Queues/QueueListener.cs',
  factory:
    'Azure/azure-sdk-for-net/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Queues/src/Listeners/QueueListenerFactory.cs',
  binding:
    'Azure/azure-sdk-for-net/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Queues/src/Triggers/QueueTriggerBinding.cs',
  decoding:
    'Azure/azure-sdk-for-net/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Queues/src/QueueServiceClientProvider.cs',
})

interface Taken {
  message: unknown
  metadata: Record<string, unknown>
  retry?: object
}
let app: ListenersUnderTest
beforeAll(async () => {
  app = await listenersUnderTest(['take', 'takeLate', 'takePoison'])
})
afterAll(() => app.stop())

const queue = (name = 'contract-take') => app.queues.getQueueClient(name)
const base64 = (text: string) => Buffer.from(text).toString('base64')
const send = (message: unknown, name?: string) => queue(name).sendMessage(base64(JSON.stringify(message)))
const taken = (run: string, functionName = 'take') => app.records<Taken>(run, functionName)
const done = (run: string) => app.records<Taken>(run, 'take-done')
const firstTaken = async (run: string) => {
  await until(async () => (await taken(run)).length > 0)
  const [first] = await taken(run)
  if (first === undefined) throw new Error(`Nothing was taken of run ${run}`)
  return first
}
/** The message of a run in the poison queue; it is taken out. */
async function poisonOf(text: string) {
  const poison = queue('contract-take-poison')
  let found: Awaited<ReturnType<typeof poison.receiveMessages>>['receivedMessageItems'][number] | undefined
  await until(async () => {
    const { receivedMessageItems } = await poison
      .receiveMessages({ numberOfMessages: 32, visibilityTimeout: 1 })
      .catch(() => ({ receivedMessageItems: [] }))
    found = receivedMessageItems.find(({ messageText }) => messageText === text)
    return found
  })
  if (found === undefined) throw new Error('The poison queue has no such message')
  await poison.deleteMessage(found.messageId, found.popReceipt)
  return found
}

describe('a message', () => {
  rule('trigger', 'that is a JSON object is handed over parsed', async () => {
    const run = newRun()
    await send({ run, price: 1.5, tags: ['a', null], nested: { yes: true } })
    expect((await firstTaken(run)).message).toEqual({ run, price: 1.5, tags: ['a', null], nested: { yes: true } })
  })
  rule('trigger', 'that is a JSON array is handed over parsed', async () => {
    const run = newRun()
    await send([run, 2])
    expect((await firstTaken(run)).message).toEqual([run, 2])
  })
  rule('trigger', 'that is no JSON is handed over as text', async () => {
    const run = newRun()
    await queue().sendMessage(base64(`{not json, ${run}`))
    expect((await firstTaken(run)).message).toBe(`{not json, ${run}`)
  })
  rule('trigger', 'keeps every character of its text', async () => {
    const run = newRun()
    const text = `${run} <a href="x">&amp;</a> é 漢字 😀 \r\n\t\u0001`
    await queue().sendMessage(base64(text))
    expect((await firstTaken(run)).message).toBe(text)
  })
  rule('put', 'of 64 KB is handed over whole', async () => {
    const run = newRun()
    const text = run.padEnd(48 * 1024, 'x')
    expect(base64(text)).toHaveLength(64 * 1024)
    await queue().sendMessage(base64(text))
    expect((await firstTaken(run)).message).toBe(text)
  })
  rule('put', 'that is sent with a delay runs once that is over', async () => {
    const run = newRun()
    const { nextVisibleOn } = await queue().sendMessage(base64(JSON.stringify({ run })), { visibilityTimeout: 2 })
    const { at } = await firstTaken(run)
    expect(at).toBeGreaterThanOrEqual(nextVisibleOn.getTime())
  })
  rule('processor', 'is deleted once the function has succeeded', async () => {
    const run = newRun()
    const { messageId, popReceipt } = await send({ run })
    await until(async () => (await done(run)).length === 1)
    await until(async () => {
      const code = await queue()
        .updateMessage(messageId, popReceipt)
        .catch((error: { code?: string }) => error.code)
      return code === 'MessageNotFound'
    })
  })
})

describe('triggerMetadata', () => {
  rule('trigger', 'tells id, times and dequeueCount of the message as it was sent', async () => {
    const run = newRun()
    const sent = await send({ run })
    const { metadata } = await firstTaken(run)
    expect(metadata).toMatchObject({ id: sent.messageId, dequeueCount: 1, popReceipt: expect.any(String) })
    expect(new Date(String(metadata.insertionTime))).toEqual(sent.insertedOn)
    expect(new Date(String(metadata.expirationTime))).toEqual(sent.expiresOn)
    expect(metadata.popReceipt).not.toBe(sent.popReceipt)
  })
  rule('trigger', 'tells the message itself as queueTrigger', async () => {
    const run = newRun()
    await queue().sendMessage(base64(`text of ${run}`))
    expect((await firstTaken(run)).metadata.queueTrigger).toBe(`text of ${run}`)
  })
  rule('listener', 'shows that the message stays hidden for ten minutes', async () => {
    const run = newRun()
    await send({ run })
    const { metadata, at } = await firstTaken(run)
    const hiddenMs = new Date(String(metadata.nextVisibleTime)).getTime() - at
    expect(hiddenMs).toBeGreaterThan(9.8 * 60_000)
    expect(hiddenMs).toBeLessThan(10.2 * 60_000)
  })
})

describe('a message whose function throws', () => {
  rule(
    'processor',
    'is delivered again with the next dequeueCount, and is done once the function succeeds',
    async () => {
      const run = newRun()
      await send({ run, failUntil: 2 })
      await until(async () => (await done(run)).length === 1)
      expect((await taken(run)).map(({ metadata }) => metadata.dequeueCount)).toEqual([1, 2, 3])
    },
  )
  rule('retries', 'is retried by the queue alone: there is no retryContext', async () => {
    const run = newRun()
    await send({ run, failUntil: 1 })
    await until(async () => (await taken(run)).length === 2)
    expect((await taken(run)).map(({ retry }) => retry)).toEqual([undefined, undefined])
  })
  rule('settings', 'lies in the poison queue behind maxDequeueCount, with its text as it was sent', async () => {
    const run = newRun()
    const text = base64(JSON.stringify({ run, fail: true }))
    await queue().sendMessage(text)
    expect((await poisonOf(text)).messageText).toBe(text)
    expect((await taken(run)).map(({ metadata }) => metadata.dequeueCount)).toEqual([1, 2, 3])
  })
  rule('processor', 'lies there as a new message that never expires, and no more in its own queue', async () => {
    const run = newRun()
    const text = base64(JSON.stringify({ run, fail: true }))
    const { messageId, popReceipt } = await queue().sendMessage(text)
    const poison = await poisonOf(text)
    expect(poison.messageId).not.toBe(messageId)
    expect(poison.expiresOn.getUTCFullYear()).toBe(9999)
    await until(async () => {
      const code = await queue()
        .updateMessage(messageId, popReceipt)
        .catch((error: { code?: string }) => error.code)
      return code === 'MessageNotFound'
    })
  })
  rule('factory', 'out of a queue that is itself a poison queue stays hidden and goes nowhere', async () => {
    const [bad, good] = [newRun(), newRun()]
    await send({ run: bad, fail: true }, 'contract-dead-poison')
    await until(async () => (await taken(bad, 'takePoison')).length === 1)
    await send({ run: good }, 'contract-dead-poison')
    await until(async () => (await taken(good, 'takePoison')).length === 1)
    expect(await taken(bad, 'takePoison')).toHaveLength(1)
    expect(await queue('contract-dead-poison-poison').exists()).toBe(false)
    expect((await queue('contract-dead-poison').getProperties()).approximateMessagesCount).toBeGreaterThan(0)
    await queue('contract-dead-poison').clearMessages()
  })
})

describe('a message that is not base64', () => {
  rule('decoding', 'lies in the poison queue at once, and the function never sees it', async () => {
    const run = newRun()
    const text = `${run}: not base64!`
    await queue().sendMessage(text)
    const poison = await poisonOf(text)
    expect(poison.messageText).toBe(text)
    expect(await taken(run)).toEqual([])
  })
})

describe('a function', () => {
  rule(
    'settings',
    'runs batchSize messages side by side, and with newBatchThreshold 0 no more than those',
    async () => {
      const run = newRun()
      await Promise.all(Array.from({ length: 9 }, (_, n) => send({ run, n, waitMs: 400 })))
      await until(async () => (await done(run)).length === 9)
      const [begins, ends] = [await taken(run), await done(run)]
      const running = begins.map(
        ({ at }) => begins.filter(other => other.at <= at).length - ends.filter(other => other.at < at).length,
      )
      expect(Math.max(...running)).toBeGreaterThan(1)
      expect(Math.max(...running)).toBeLessThanOrEqual(4)
    },
  )
  rule('listener', 'does not make its queue, and serves it once it is there', async () => {
    const run = newRun()
    expect(await queue('contract-late').exists()).toBe(false)
    await queue('contract-late').create()
    await send({ run }, 'contract-late')
    await until(async () => (await taken(run, 'takeLate')).length === 1)
    await queue('contract-late').delete()
  })
})

describe('a start by hand', () => {
  rule('byHand', 'answers 202 and hands the input over as if it were a message', async () => {
    const run = newRun()
    const response = await app.startByHand('take', { input: JSON.stringify({ run, n: 1 }) })
    expect(response.status).toBe(202)
    expect((await firstTaken(run)).message).toEqual({ run, n: 1 })
  })
  rule('binding', 'has a dequeueCount of 0 and no id, as there is no message', async () => {
    const run = newRun()
    await app.startByHand('take', { input: `text of ${run}` })
    const { metadata } = await firstTaken(run)
    expect(metadata).toMatchObject({ dequeueCount: 0, queueTrigger: `text of ${run}` })
    expect(metadata.id).toBeUndefined()
    expect(new Date(String(metadata.expirationTime)).getUTCFullYear()).toBe(9999)
  })
  rule('byHand', 'that fails is not retried', async () => {
    const [bad, good] = [newRun(), newRun()]
    await app.startByHand('take', { input: JSON.stringify({ run: bad, fail: true }) })
    await until(async () => (await taken(bad)).length === 1)
    await send({ run: good, failUntil: 1 })
    await until(async () => (await done(good)).length === 1)
    expect(await taken(bad)).toHaveLength(1)
  })
})
