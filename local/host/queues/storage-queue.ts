import {
  type StorageAccount,
  type StorageRequest,
  type StorageResponse,
  storageRequest,
} from '../storage/storage-account.ts'

export interface QueueMessage {
  messageId: string
  popReceipt: string
  dequeueCount: number
  insertedOn: string
  expiresOn: string
  nextVisibleOn: string
  /** As it lies in the queue, before any base64 decoding. */
  text: string
}

export interface StorageQueue {
  name: string
  /** Nothing when there is no such queue. */
  receive(count: number, visibilityMs: number): Promise<QueueMessage[]>
  /** Makes the queue when there is none. Without a time to live the message stays until it is taken. */
  send(text: string, timeToLiveSeconds?: number): Promise<void>
  /** Hides the message that much longer and returns its new pop receipt; undefined when someone else holds it by now. */
  hide(message: QueueMessage, visibilityMs: number): Promise<string | undefined>
  /** False when someone else holds the message by now. */
  remove(message: QueueMessage): Promise<boolean>
}

/** The operations of one storage queue. Source: Queue service REST API. */
export function storageQueue(account: StorageAccount, name: string): StorageQueue {
  const call = (request: Omit<StorageRequest, 'service'>) => storageRequest(account, { service: 'queue', ...request })
  const create = async () => {
    await expect(name, [201, 204], call({ method: 'PUT', path: name }))
  }
  const messages = `${name}/messages`
  return {
    name,
    receive: async (count, visibilityMs) => {
      const query = { numofmessages: count, visibilitytimeout: Math.ceil(visibilityMs / 1000) }
      const { status, body } = await expect(name, [200, 404], call({ method: 'GET', path: messages, query }))
      return status === 404 ? [] : parseMessages(body)
    },
    send: async (text, timeToLiveSeconds = -1) => {
      const body = `<QueueMessage><MessageText>${escapeXml(text)}</MessageText></QueueMessage>`
      const post = () => call({ method: 'POST', path: messages, query: { messagettl: timeToLiveSeconds }, body })
      const { status } = await expect(name, [201, 404], post())
      if (status !== 404) return
      await create()
      await expect(name, [201], post())
    },
    hide: async ({ messageId, popReceipt }, visibilityMs) => {
      const query = { popreceipt: popReceipt, visibilitytimeout: Math.ceil(visibilityMs / 1000) }
      const { status, headers } = await expect(
        name,
        [204, 400, 404],
        call({ method: 'PUT', path: `${messages}/${messageId}`, query }),
      )
      return status === 204 ? String(headers['x-ms-popreceipt']) : undefined
    },
    remove: async ({ messageId, popReceipt }) => {
      const query = { popreceipt: popReceipt }
      const { status } = await expect(
        name,
        [204, 400, 404],
        call({ method: 'DELETE', path: `${messages}/${messageId}`, query }),
      )
      return status === 204
    },
  }
}

async function expect(queue: string, statuses: number[], answer: Promise<StorageResponse>): Promise<StorageResponse> {
  const response = await answer
  if (statuses.includes(response.status)) return response
  const code = /<Code>([^<]*)/.exec(response.body)?.[1] ?? ''
  throw new Error(`Storage queue "${queue}" answered ${response.status} ${code}`.trimEnd())
}

function parseMessages(xml: string): QueueMessage[] {
  return Array.from(xml.matchAll(/<QueueMessage>(.*?)<\/QueueMessage>/gs), ([, message = '']) => {
    const field = (name: string) => unescapeXml(new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(message)?.[1] ?? '')
    return {
      messageId: field('MessageId'),
      popReceipt: field('PopReceipt'),
      dequeueCount: Number(field('DequeueCount')),
      insertedOn: field('InsertionTime'),
      expiresOn: field('ExpirationTime'),
      nextVisibleOn: field('TimeNextVisible'),
      text: field('MessageText'),
    }
  })
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}

const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (entity, hex?: string, decimal?: string, name = '') => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return named[name] ?? entity
  })
}
