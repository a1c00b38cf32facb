import { expect, test } from 'vitest'
import { parseSettings } from '../../schemas/settings.ts'
import { connections } from './connections.ts'

const opened = (more: Readonly<Record<string, string>>) => {
  const { blobs, queues } = connections(
    parseSettings({
      EventHubConnection: 'Endpoint=sb://shop',
      COSMOS_ENDPOINT: 'https://shop.documents.azure.com',
      SWEEP_SCHEDULE: '0 * * * * *',
      PSEUDONYM_KEY: 'a key for tests only',
      AUTH_ISSUER: 'https://login.microsoftonline.com/a-tenant/v2.0',
      AUTH_AUDIENCE: 'an-app',
      SHOPPER_TOKEN_KEY: 'a secret of thirty-two characters',
      ...more,
    }),
  )
  return [blobs, queues].map(connection => (typeof connection === 'string' ? connection : connection.address))
}

test('blobs and queues are in the host’s account, unless the lake has one of its own', () => {
  const host = { AzureWebJobsStorage__accountName: 'shophost' }
  expect(opened({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' })).toEqual([
    'UseDevelopmentStorage=true',
    'UseDevelopmentStorage=true',
  ])
  expect(opened(host)).toEqual(['https://shophost.blob.core.windows.net', 'https://shophost.queue.core.windows.net'])
  expect(opened({ ...host, LAKE_ACCOUNT: 'shoplake' })).toEqual([
    'https://shoplake.blob.core.windows.net',
    'https://shophost.queue.core.windows.net',
  ])
})
