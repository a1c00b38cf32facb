import type { ContainerClient } from '@azure/storage-blob'
import type { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { eventually, type OutputsUnderTest, outputsUnderTest, ownName, sendToRelay } from './outputs-under-test.ts'

const rule = contract({
  node: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node',
  queue: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-output',
  blob: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-output',
  expressions: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns',
  hostJson: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#hostjson-settings',
  limits: 'https://learn.microsoft.com/azure/storage/queues/storage-queues-introduction',
  values: 'Azure/azure-functions-host: src/WebJobs.Script/Binding/FunctionBinding.cs',
  invoker: 'Azure/azure-functions-host: src/WebJobs.Script/Description/Workers/WorkerFunctionInvoker.cs',
  template: 'Azure/azure-webjobs-sdk: src/Microsoft.Azure.WebJobs.Host/Bindings/Path/BindingTemplateToken.cs',
})

let app: OutputsUnderTest
beforeAll(async () => {
  app = await outputsUnderTest()
})
afterAll(() => app?.stop())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${app.url}/api/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

/** Runs a check with a queue's name of its own, whether it makes that queue or not. */
async function withQueue(check: (queue: QueueClient) => Promise<void>): Promise<void> {
  const queue = app.queues.getQueueClient(ownName('out'))
  try {
    await check(queue)
  } finally {
    await queue.deleteIfExists()
  }
}
async function withContainer(check: (container: ContainerClient) => Promise<void>): Promise<void> {
  const container = app.blobs.getContainerClient(ownName('out'))
  try {
    await check(container)
  } finally {
    await container.deleteIfExists()
  }
}
async function messagesIn(queue: QueueClient): Promise<Buffer[]> {
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 })
  return peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64'))
}
const textsIn = async (queue: QueueClient) => (await messagesIn(queue)).map(String)
async function blobNames(container: ContainerClient): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of container.listBlobsFlat()) names.push(name)
  return names
}
/** Writes values one after another into the queue and gives the answers' statuses. */
async function writeAll(queue: QueueClient, ...values: unknown[]): Promise<number[]> {
  const statuses: number[] = []
  for (const value of values) statuses.push((await post(`queues/${queue.name}`, { value })).status)
  return statuses
}

describe('a queue output', () => {
  rule('queue', 'has written its message when the answer arrives, and made the queue that was missing', () =>
    withQueue(async queue => {
      expect(await queue.exists()).toBe(false)
      expect(await writeAll(queue, 'hello')).toEqual([202])
      expect(await textsIn(queue)).toEqual(['hello'])
    }),
  )
  rule('hostJson', 'encodes its message as base64, as messageEncoding is by default', () =>
    withQueue(async queue => {
      await writeAll(queue, 'héllo')
      const { peekedMessageItems } = await queue.peekMessages()
      expect(peekedMessageItems[0]?.messageText).toBe(Buffer.from('héllo').toString('base64'))
    }),
  )
  rule('node', 'makes one message of each element of a list', () =>
    withQueue(async queue => {
      await writeAll(queue, ['a', { n: 1 }, 2, [3]])
      const [text, object, number, list] = await textsIn(queue)
      expect([text, JSON.parse(object ?? ''), number, JSON.parse(list ?? '')]).toEqual(['a', { n: 1 }, '2', [3]])
    }),
  )
  rule('values', 'writes an object as JSON indented by two spaces', () =>
    withQueue(async queue => {
      await writeAll(queue, { shop: { id: 7 } })
      expect(await textsIn(queue)).toEqual(['{\n  "shop": {\n    "id": 7\n  }\n}'])
    }),
  )
  rule('values', 'takes text that is a JSON list as that list', () =>
    withQueue(async queue => {
      await writeAll(queue, '["a", "b"]')
      expect(await textsIn(queue)).toEqual(['a', 'b'])
    }),
  )
  rule('values', 'writes bytes as they are', () =>
    withQueue(async queue => {
      await writeAll(queue, { $bytes: Buffer.from([0, 255, 91]).toString('base64') })
      expect(await messagesIn(queue)).toEqual([Buffer.from([0, 255, 91])])
    }),
  )
  rule('invoker', 'writes nothing when it is given null, and nothing when the list is empty', () =>
    withQueue(async queue => {
      expect(await writeAll(queue, null, [], 'marker')).toEqual([202, 202, 202])
      expect(await textsIn(queue)).toEqual(['marker'])
    }),
  )
  rule('limits', 'lets its messages live seven days', () =>
    withQueue(async queue => {
      await writeAll(queue, 'x')
      const [message] = (await queue.peekMessages()).peekedMessageItems
      const livesMs = (message?.expiresOn.getTime() ?? 0) - (message?.insertedOn.getTime() ?? 0)
      expect(livesMs).toBe(7 * 24 * 3_600_000)
    }),
  )
  rule('invoker', 'writes nothing when the function fails', () =>
    withQueue(async queue => {
      expect((await post(`queues/${queue.name}`, { value: 'lost', fail: true })).status).toBe(500)
      expect(await queue.exists()).toBe(false)
    }),
  )
  rule('values', 'fails the invocation with 500 when its text looks like JSON and is none', () =>
    withQueue(async queue => {
      expect(await writeAll(queue, '{not json}')).toEqual([500])
    }),
  )
  rule('queue', 'fails the invocation with 500 when its name is none a queue may have', async () => {
    expect((await post('queues/no_queue_name', { value: 'x' })).status).toBe(500)
  })
  rule('limits', 'fails the invocation with 500 when its message is larger than 64 KiB', () =>
    withQueue(async queue => {
      expect(await writeAll(queue, 'x'.repeat(50_000))).toEqual([500])
    }),
  )
  rule('node', 'is written by app.generic() as well, under its binding name', () =>
    withQueue(async queue => {
      expect((await post(`generic/${queue.name}`, {})).status).toBe(202)
      expect((await textsIn(queue)).map(text => JSON.parse(text))).toEqual([{ by: 'generic' }])
    }),
  )
  rule('node', 'can be what an HTTP function returns, which then answers through an extra HTTP output', () =>
    withQueue(async queue => {
      const response = await post(`answer/${queue.name}`, { n: 1 })
      expect([response.status, response.headers.get('x-answer'), await response.text()]).toEqual([
        ...[201, 'output', 'made'],
      ])
      expect((await textsIn(queue)).map(text => JSON.parse(text))).toEqual([{ n: 1 }])
    }),
  )
})

describe('a blob output', () => {
  rule('blob', 'writes text, JSON and bytes over what the blob held, and makes the container that was missing', () =>
    withContainer(async container => {
      const blob = container.getBlockBlobClient(`${app.names.OUTPUT_FOLDER}/a b.txt`)
      for (const [value, bytes] of [
        ['héllo, a longer text', Buffer.from('héllo, a longer text')],
        [{ a: [1] }, Buffer.from('{"a":[1]}')],
        [{ $bytes: 'AP8=' }, Buffer.from([0, 255])],
      ] as const) {
        expect((await post(`blobs/${container.containerName}/a%20b.txt`, { value })).status).toBe(202)
        expect(await blob.downloadToBuffer()).toEqual(bytes)
      }
      expect((await blob.getProperties()).contentType).toBe('application/octet-stream')
    }),
  )
  rule(
    'expressions',
    'takes its path from the JSON body, query, headers, route and settings, and from the moment',
    () =>
      withContainer(async container => {
        const before = new Date()
        const path = `expressions/${container.containerName}?q=1&user=query`
        const user = { Id: 'u-1' }
        expect((await post(path, { user, n: 5 }, { 'x-shop': 'north' })).status).toBe(500)
        const good = `expressions/${container.containerName}?q=1`
        expect((await post(good, { user, n: 5, container: 'of-body' }, { 'x-shop': 'north' })).status).toBe(202)
        const [name = ''] = await blobNames(container)
        const month = before.toISOString().slice(0, 7)
        expect(name).toMatch(new RegExp(`^u-1/5/1/north/\\{x\\}/expressions/${month}/[0-9a-f]{32}$`))
      }),
  )
  rule('expressions', 'writes {DateTime} as 2018-02-16T17-59-55Z', () =>
    withContainer(async container => {
      expect((await post(`dated/${container.containerName}`, {})).status).toBe(202)
      expect(await blobNames(container)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/)])
    }),
  )
  rule('template', 'fails the invocation with 500 when a name in its path has no value', () =>
    withContainer(async container => {
      const response = await post(`expressions/${container.containerName}?q=1`, { user: {}, n: 5 }, { 'x-shop': 'a' })
      expect(response.status).toBe(500)
      expect(await container.exists()).toBe(false)
    }),
  )
})

describe('outputs of a queue function', () => {
  rule('expressions', 'draw on the properties of the message and on its metadata', () =>
    withContainer(container =>
      withQueue(async queue => {
        const { messageId } = await sendToRelay(app, {
          to: queue.name,
          container: container.containerName,
          relay: { n: 1 },
        })
        await eventually(async () => ((await queue.exists()) && (await textsIn(queue)).length > 0 ? true : undefined))
        expect((await textsIn(queue)).map(text => JSON.parse(text))).toEqual([{ n: 1 }])
        expect(await blobNames(container)).toContain(`1-${messageId}`)
      }),
    ),
  )
  rule('invoker', 'that fail have the message tried again and, behind maxDequeueCount, put into the poison queue', () =>
    withContainer(async container => {
      const { messageId } = await sendToRelay(app, { to: 'no_name', container: container.containerName, relay: 'x' })
      const poison = app.queues.getQueueClient(`${app.names.RELAY_QUEUE}-poison`)
      await eventually(async () => {
        if (!(await poison.exists())) return undefined
        const { receivedMessageItems } = await poison.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 1 })
        const own = receivedMessageItems.find(({ messageText }) =>
          String(Buffer.from(messageText, 'base64')).includes(container.containerName),
        )
        if (own !== undefined) await poison.deleteMessage(own.messageId, own.popReceipt)
        return own
      })
      // The outputs beside the failing one are written all the same, at every attempt: maxDequeueCount is 2.
      expect((await blobNames(container)).filter(name => name !== 'metadata')).toEqual([
        ...[`1-${messageId}`, `2-${messageId}`],
      ])
    }),
  )
})
