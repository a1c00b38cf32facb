import { type StorageAccount, storageRequest } from '../storage/storage-account.ts'

/**
 * Messages of a queue, those under way among them, as long as one can be taken now; 0 when none can, and for a queue that is
 * not there. Source: Azure/azure-sdk-for-net, QueueMetricsProvider.cs.
 */
export async function queueBacklog(account: StorageAccount, name: string): Promise<number> {
  const get = (path: string, query: Record<string, string | number>) =>
    storageRequest(account, { service: 'queue', method: 'GET', path, query })
  const { status, headers } = await get(name, { comp: 'metadata' })
  if (status === 404) return 0
  if (status !== 200) throw new Error(`Storage queue "${name}" answered ${status} when asked for its length`)
  const messages = Number(headers['x-ms-approximate-messages-count'] ?? 0)
  if (messages === 0) return 0
  const { body } = await get(`${name}/messages`, { peekonly: 'true', numofmessages: 1 })
  return body.includes('<MessageId>') ? messages : 0
}
