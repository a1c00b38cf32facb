import { expect, test } from 'vitest'
import { parseStorageConnection, storageRequest } from './storage-account.ts'

test('a connection string gives endpoints with and without explicit addresses', () => {
  const parse = (text: string) => parseStorageConnection(text, 'AzureWebJobsStorage')
  expect(parse('UseDevelopmentStorage=true').urls.queue).toBe('http://127.0.0.1:10001/devstoreaccount1')
  const azure = parse(
    'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=a2V5==;EndpointSuffix=core.windows.net',
  )
  expect(azure.urls.blob).toBe('https://shop.blob.core.windows.net')
  expect(azure.key.toString()).toBe('key')
  const local = parse('AccountName=shop;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:5/shop/;')
  expect(local.urls.queue).toBe('http://127.0.0.1:5/shop')
})

test('a connection string without a key is refused by the name of its setting', () => {
  expect(() => parseStorageConnection('BlobEndpoint=x;SharedAccessSignature=y', 'Store')).toThrow(
    'Setting "Store" must be',
  )
})

test('storage that cannot be reached is an error with its address', async () => {
  const account = parseStorageConnection('AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a', 'x')
  await expect(storageRequest(account, { service: 'blob', method: 'GET', path: 'c/b' })).rejects.toThrow(
    'Cannot reach the storage at http://127.0.0.1:1: ECONNREFUSED',
  )
})
