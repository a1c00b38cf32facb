import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type StorageUnderTest, storageUnderTest } from './storage-under-test.ts'

const rule = contract({
  put: 'https://learn.microsoft.com/rest/api/storageservices/put-message',
  get: 'https://learn.microsoft.com/rest/api/storageservices/get-messages',
  peek: 'https://learn.microsoft.com/rest/api/storageservices/peek-messages',
  update: 'https://learn.microsoft.com/rest/api/storageservices/update-message',
  remove: 'https://learn.microsoft.com/rest/api/storageservices/delete-message2',
})

let storage: StorageUnderTest
beforeAll(async () => {
  storage = await storageUnderTest()
})
afterAll(() => storage.close())
const refused = (statusCode: number, code: string) => ({ statusCode, details: { errorCode: code } })

rule('get', 'a message that is taken is hidden from others for its time, and counted', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('one')
  const [taken] = (await queue.receiveMessages({ visibilityTimeout: 1 })).receivedMessageItems
  expect(taken).toMatchObject({ messageText: 'one', dequeueCount: 1 })
  expect((await queue.receiveMessages()).receivedMessageItems).toEqual([])
  await expect
    .poll(async () => (await queue.receiveMessages()).receivedMessageItems, { timeout: 10_000 })
    .toMatchObject([{ messageText: 'one', dequeueCount: 2 }])
})

rule('get', 'at most 32 messages are taken at once', async () => {
  const queue = await storage.queue()
  await expect(queue.receiveMessages({ numberOfMessages: 33 })).rejects.toMatchObject({ statusCode: 400 })
})

rule('peek', 'a message that is looked at stays visible, uncounted and without a receipt', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('one')
  const [seen] = (await queue.peekMessages()).peekedMessageItems
  expect(seen).toMatchObject({ messageText: 'one', dequeueCount: 0 })
  expect(seen).not.toHaveProperty('popReceipt')
  expect((await queue.receiveMessages()).receivedMessageItems).toHaveLength(1)
})

rule('put', 'a message with a visibility timeout shows itself later', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('later', { visibilityTimeout: 1 })
  expect((await queue.peekMessages()).peekedMessageItems).toEqual([])
  await expect.poll(async () => (await queue.peekMessages()).peekedMessageItems, { timeout: 10_000 }).toHaveLength(1)
})

rule('put', 'a message past its time to live is gone', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('short', { messageTimeToLive: 1 })
  await queue.sendMessage('long', { messageTimeToLive: 60 })
  const texts = async () =>
    (await queue.peekMessages({ numberOfMessages: 5 })).peekedMessageItems.map(({ messageText }) => messageText)
  await expect.poll(texts, { timeout: 10_000 }).toEqual(['long'])
})

rule('put', 'a message without a time to live lasts seven days', async () => {
  const queue = await storage.queue()
  const { insertedOn, expiresOn } = await queue.sendMessage('week')
  expect(expiresOn.getTime() - insertedOn.getTime()).toBe(7 * 24 * 3_600_000)
})

rule('put', 'a message holds up to 64 KB', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('x'.repeat(65_536))
  await expect(queue.sendMessage('x'.repeat(65_537))).rejects.toMatchObject(refused(413, 'RequestBodyTooLarge'))
})

rule('remove', 'a message is deleted with the receipt of its last taking only', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('one')
  const [first] = (await queue.receiveMessages({ visibilityTimeout: 1 })).receivedMessageItems
  const taken = async () => (await queue.receiveMessages()).receivedMessageItems
  await expect.poll(taken, { timeout: 10_000 }).toHaveLength(1)
  const stale = queue.deleteMessage(first?.messageId ?? '', first?.popReceipt ?? '')
  // 404 by the page; Azurite says 400, PopReceiptMismatch.
  await expect(stale).rejects.toMatchObject({
    statusCode: expect.toSatisfy(status => status === 404 || status === 400),
  })
})

rule('update', 'an update hides the message anew, changes its text and gives another receipt', async () => {
  const queue = await storage.queue()
  await queue.sendMessage('one')
  const [taken] = (await queue.receiveMessages()).receivedMessageItems
  const { messageId = '', popReceipt = '' } = taken ?? {}
  const { popReceipt: renewed = '' } = await queue.updateMessage(messageId, popReceipt, 'two', 0)
  expect(renewed).not.toBe(popReceipt)
  expect((await queue.peekMessages()).peekedMessageItems).toMatchObject([{ messageText: 'two', dequeueCount: 1 }])
  await expect(queue.updateMessage(messageId, popReceipt, 'three', 0)).rejects.toMatchObject({ statusCode: 400 })
  await queue.deleteMessage(messageId, renewed)
})
