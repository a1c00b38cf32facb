import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type LoopbackHttps, listenHttps } from '../../../local/stand-ins/loopback-https.ts'
import { collections } from '../../schemas/collections.ts'
import { parseSettings } from '../../schemas/settings.ts'
import { memoryTelemetry } from '../memory/telemetry.ts'
import { azureBlobs } from './blobs.ts'
import { connections } from './connections.ts'
import { cosmosDocuments } from './documents.ts'
import { identities } from './identities.ts'
import { azureQueue } from './queue.ts'
import { StorageMeter } from './storage-meter.ts'

const trusted = tls.getCACertificates('default')
/** What asked the platform for a token, and what came to the service with one. */
const asked: { clientId: string | null; resource: string | null; header: unknown }[] = []
const served: string[] = []

/** Hands out tokens as an app's managed identity finds them in Azure: one that says for what and for whom it is. */
const platform = createServer(({ url = '', headers }, response) => {
  const { searchParams: of } = new URL(url, 'http://127.0.0.1')
  const [clientId, resource] = [of.get('client_id'), of.get('resource')]
  asked.push({ clientId, resource, header: headers['x-identity-header'] })
  const expires = Math.floor(Date.now() / 1000) + 3600
  const token = `${clientId} for ${resource}`
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ access_token: token, expires_on: String(expires), token_type: 'Bearer' }))
})
let service: LoopbackHttps

const taken =
  '<?xml version="1.0" encoding="utf-8"?><QueueMessagesList><QueueMessage><MessageId>m</MessageId><InsertionTime>Fri, 09 Oct 2026 21:04:30 GMT</InsertionTime><ExpirationTime>Fri, 16 Oct 2026 21:04:30 GMT</ExpirationTime><PopReceipt>p</PopReceipt><TimeNextVisible>Fri, 09 Oct 2026 21:04:30 GMT</TimeNextVisible></QueueMessage></QueueMessagesList>'

/** As much of storage and of Cosmos DB as shows what opens them: no blob, no document, and a queue that takes all. */
function serve({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
  served.push(`${method} ${url} by ${decodeURIComponent(headers.authorization ?? 'nobody')}`)
  if (method === 'POST') {
    response.writeHead(201, { 'content-type': 'application/xml' }).end(taken)
  } else if (url === '/') {
    const here = [{ name: 'here', databaseAccountEndpoint: `${service.url}/` }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ id: 'shop', writableLocations: here, readableLocations: here }))
  } else {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"NotFound","message":"none"}')
  }
}

beforeAll(async () => {
  service = await listenHttps(serve)
  tls.setDefaultCACertificates([...trusted, service.certificate])
  await new Promise<void>(listening => platform.listen(0, '127.0.0.1', listening))
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(platform.address() as AddressInfo).port}/msi/token`)
  vi.stubEnv('IDENTITY_HEADER', 'a secret of the platform')
  // No look for developers' tools.
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential')
})
beforeEach(() => {
  asked.length = 0
  served.length = 0
})
afterAll(async () => {
  vi.unstubAllEnvs()
  tls.setDefaultCACertificates(trusted)
  await Promise.all([service.close(), new Promise(closed => platform.close(closed))])
})

/** A GUID of one digit. */
const client = (digit: number) =>
  `${`${digit}`.repeat(8) + `-${`${digit}`.repeat(4)}`.repeat(3)}-${`${digit}`.repeat(12)}`
const managed = (clientId: string) => identities()({ credential: 'managedidentity', clientId })

describe('a service without a key is opened with the token of the app’s identity', () => {
  const storage = 'https://storage.azure.com'
  // An address of digits has the account in its path.

  test('blobs', async () => {
    const blobs = azureBlobs({ address: `${service.url}/shop`, identity: managed(client(1)) })
    expect(await blobs.read('models/pointer.json')).toBeUndefined()
    expect(served).toEqual([`HEAD /shop/models/pointer.json by Bearer ${client(1)} for ${storage}`])
    expect(asked).toEqual([{ clientId: client(1), resource: storage, header: 'a secret of the platform' }])
  })

  test('queues', async () => {
    using meter = new StorageMeter(memoryTelemetry().telemetry)
    await azureQueue({ address: `${service.url}/shop`, identity: managed(client(2)) }, meter).send('runs', {
      run: 'r1',
    })
    expect(served).toEqual([`POST /shop/runs/messages?timeout=30 by Bearer ${client(2)} for ${storage}`])
  })

  test('documents, whose identity is found by its client id alone', async () => {
    const identity = identities()({ clientId: client(3) })
    const documents = cosmosDocuments({ endpoint: service.url, opener: () => identity, database: 'sidecart' })
    expect(await documents.read(collections.items, { id: 'i1', partition: 'i1' })).toBeUndefined()
    const opened = `type=aad&ver=1.0&sig=${client(3)} for ${service.url}`
    expect(served).toContainEqual(`GET /dbs/sidecart/colls/items/docs/i1 by ${opened}`)
    expect(asked).toMatchObject([{ clientId: client(3), resource: service.url }])
  })
})

describe('settings name the identity of each service, and where it is', () => {
  const others = {
    COSMOS_ENDPOINT: 'https://shop.documents.azure.com',
    SWEEP_SCHEDULE: '0 * * * * *',
    PSEUDONYM_KEY: 'a key for tests only',
    AUTH_ISSUER: 'https://login.microsoftonline.com/a-tenant/v2.0',
    AUTH_AUDIENCE: 'an-app',
    SHOPPER_TOKEN_KEY: 'a secret of thirty-two characters',
  }
  const byIdentity = {
    ...{ AzureWebJobsStorage__accountName: 'shopstorage', AzureWebJobsStorage__credential: 'managedidentity' },
    AzureWebJobsStorage__clientId: client(4),
    EventHubConnection__fullyQualifiedNamespace: 'shop-events.servicebus.windows.net',
    ...{ EventHubConnection__credential: 'managedidentity', EventHubConnection__clientId: client(5) },
    AZURE_CLIENT_ID: client(6),
  }

  test('of storage, Event Hubs and Cosmos DB', async () => {
    const { blobs, queues, eventHubs, documents } = connections(parseSettings({ ...others, ...byIdentity }))
    expect(blobs).toMatchObject({ address: 'https://shopstorage.blob.core.windows.net' })
    expect(queues).toMatchObject({ address: 'https://shopstorage.queue.core.windows.net' })
    expect(eventHubs).toMatchObject({ address: 'shop-events.servicebus.windows.net' })
    for (const connection of [blobs, queues, eventHubs, { identity: documents }]) {
      if (typeof connection === 'string') throw new Error('opened by a connection string')
      await (await connection.identity()).getToken('https://any.azure.net/.default')
    }
    // Blobs and queues share an identity, which keeps its token.
    expect(asked.map(({ clientId }) => clientId)).toEqual([client(4), client(5), client(6)])
  })

  test('and connection strings are taken as they are', () => {
    const keys = { AzureWebJobsStorage: 'UseDevelopmentStorage=true', EventHubConnection: 'Endpoint=sb://shop' }
    const { blobs, queues, eventHubs } = connections(parseSettings({ ...others, ...keys }))
    expect([blobs, queues, eventHubs]).toEqual([
      keys.AzureWebJobsStorage,
      keys.AzureWebJobsStorage,
      keys.EventHubConnection,
    ])
  })
})
