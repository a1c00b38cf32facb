import { describe, expect, test } from 'vitest'
import { parseSettings } from './settings.ts'

const required = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  EventHubConnection: 'Endpoint=sb://shop',
  COSMOS_ENDPOINT: 'https://shop.documents.azure.com',
  COSMOS_KEY: 'a key',
  SWEEP_SCHEDULE: '0 * * * * *',
  PSEUDONYM_KEY: 'a key for tests only',
  AUTH_ISSUER: 'https://login.microsoftonline.com/a-tenant/v2.0',
  AUTH_AUDIENCE: 'an-app',
  SHOPPER_TOKEN_KEY: 'a secret of thirty-two characters',
}

test('the required settings are enough; the rest has defaults', () => {
  expect(parseSettings(required)).toMatchObject({
    ...{ ...required, COSMOS_DATABASE: 'sidecart', POPULARITY_HALF_LIFE_HOURS: 72, SWEEP_AFTER_SECONDS: 120 },
  })
})

test('numbers are read from text, and an empty one is the default', () => {
  const settings = parseSettings({ ...required, ALS_FACTORS: ' 7 ', SWEEP_AFTER_SECONDS: '', WEIGHT_RATING: '0' })
  expect(settings).toMatchObject({ ALS_FACTORS: 7, SWEEP_AFTER_SECONDS: 120, WEIGHT_RATING: 0 })
})

test('every missing setting is named, with how to set it and where', () => {
  expect(() => parseSettings({})).toThrow(/Set them in local.settings.json \(Values\) or in the Function App/)
  for (const [name, how] of [
    ['AzureWebJobsStorage', 'a storage connection string'],
    ['EventHubConnection', 'the Event Hubs namespace’s connection string'],
    ['COSMOS_ENDPOINT', 'the Cosmos DB account’s URI'],
    ['COSMOS_KEY', 'the Cosmos DB account’s key'],
    ['SWEEP_SCHEDULE', 'a six-field NCRONTAB'],
    ['AUTH_ISSUER', 'the tokens’ issuer'],
    ['AUTH_AUDIENCE', 'the client id'],
    ['SHOPPER_TOKEN_KEY', 'a secret text of 32 characters or more'],
  ] as const) {
    const finding = `- ${name} is not set: give ${how}`
    expect(() => parseSettings({})).toThrow(finding)
    expect(() => parseSettings({ ...required, [name]: '' })).toThrow(finding)
  }
})

test.each([
  ['ALS_FACTORS', 'many', 'must be a whole number'],
  ['ALS_FACTORS', '1.5', 'must be a whole number'],
  ['ALS_REGULARIZATION', '0', 'must be more than 0'],
  ['WEIGHT_RATING', '-1', 'must be 0 or more'],
  ['SWEEP_AFTER_SECONDS', 'soon', 'must be a number'],
  ['MEMORY_MB', '100', 'must be 512 or more'],
  ['CHUNK_SECONDS', '601', 'must be 600 or less'],
  ['REFRESH_SCHEDULE', '0 0 * * *', 'must be a six-field NCRONTAB like `0 0 */6 * * *`'],
  ['EXPORT_SCHEDULE', '10', 'must be a whole number of seconds from 60 to 31536000'],
])('%s = %s is refused: it %s, and the value is told', (name, value, rule) => {
  expect(() => parseSettings({ ...required, [name]: value })).toThrow(`- ${name} ${rule}: current value is "${value}"`)
})

describe('a developer’s identity', () => {
  const local = { AUTH_ISSUER: 'http://127.0.0.1:7072', SHOPPER_TOKEN_KEY: 'only-for-this-machine-and-known-to-all' }
  const plans = [
    { WEBSITE_INSTANCE_ID: 'a1' },
    { CONTAINER_NAME: 'a1' },
    { WEBSITE_POD_NAME: 'a1' },
    { WEBSITE_SKU: 'Flex' },
  ]

  test('is taken on a developer’s machine', () => {
    expect(parseSettings({ ...required, ...local })).toMatchObject(local)
  })

  test.each(plans)('is refused where Azure runs the app: %j', plan => {
    for (const AUTH_ISSUER of [
      'http://127.0.0.1:7072',
      'https://localhost',
      'http://[::1]:80',
      'https://127.9.9.9/v2.0',
    ]) {
      expect(() => parseSettings({ ...required, ...plan, AUTH_ISSUER })).toThrow('AUTH_ISSUER must not be a loopback')
    }
    const { SHOPPER_TOKEN_KEY } = local
    expect(() => parseSettings({ ...required, ...plan, SHOPPER_TOKEN_KEY })).toThrow('SHOPPER_TOKEN_KEY must not be')
    expect(parseSettings({ ...required, ...plan })).toMatchObject(required)
  })

  test('comes by http from loopback addresses alone', () => {
    for (const AUTH_ISSUER of ['http://login.example', 'http://127.0.0.1.example', 'ftp://127.0.0.1', 'tenant']) {
      expect(() => parseSettings({ ...required, AUTH_ISSUER })).toThrow('AUTH_ISSUER must be an https address')
    }
  })
})

describe('storage and the event hubs', () => {
  const { AzureWebJobsStorage: _, EventHubConnection: __, ...others } = required
  const byIdentity = {
    AzureWebJobsStorage__accountName: 'shopstorage',
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: '0b3e4a6c-1d2f-4c5b-8a79-aabbccddeeff',
    EventHubConnection__fullyQualifiedNamespace: 'shop-events.servicebus.windows.net',
    EventHubConnection__credential: 'managedidentity',
    EventHubConnection__clientId: '0b3e4a6c-1d2f-4c5b-8a79-aabbccddeeff',
  }

  test('are opened by an identity as well as by connection strings', () => {
    expect(parseSettings({ ...others, ...byIdentity })).toMatchObject(byIdentity)
    expect(parseSettings({ ...others, ...byIdentity, AzureWebJobsStorage: '' })).toMatchObject(byIdentity)
  })

  test.each([
    ['AzureWebJobsStorage', 'AzureWebJobsStorage__accountName', 'shopstorage'],
    ['EventHubConnection', 'EventHubConnection__fullyQualifiedNamespace', 'shop-events.servicebus.windows.net'],
  ])(
    'are opened by one of both alone: %s beside %s is refused, and the connection string not told',
    (name, place, at) => {
      const message = `- ${place} must not be set beside ${name}: give one of the two, so that what opens the service is plain: current value is "${at}"`
      expect(() => parseSettings({ ...required, ...byIdentity, [name]: 'Secret=1' })).toThrow(message)
      expect(() => parseSettings({ ...required, ...byIdentity, [name]: 'Secret=1' })).not.toThrow('Secret=1')
    },
  )

  test('blobs may have an account of their own, which an identity opens', () => {
    const lake = { LAKE_ACCOUNT: 'shoplake' }
    expect(parseSettings({ ...others, ...byIdentity, ...lake })).toMatchObject(lake)
    expect(() => parseSettings({ ...required, ...lake })).toThrow(
      '- LAKE_ACCOUNT must not be set beside AzureWebJobsStorage: an identity opens it',
    )
  })

  test.each([
    [
      'AzureWebJobsStorage__accountName',
      'https://shopstorage.blob.core.windows.net',
      'must be a storage account’s name',
    ],
    ['AzureWebJobsStorage__credential', 'clientsecret', 'must be managedidentity'],
    ['AzureWebJobsStorage__clientId', 'sidecart-identity', 'must be the client id of a managed identity, a GUID'],
    ['EventHubConnection__fullyQualifiedNamespace', 'sb://shop-events/', 'must be the namespace’s host'],
    ['EventHubConnection__credential', 'ManagedIdentity', 'must be managedidentity'],
    ['AZURE_CLIENT_ID', 'sidecart-identity', 'must be the client id of a managed identity, a GUID'],
  ])('are told to be opened by %s = %s: it %s', (name, value, rule) => {
    const given = { ...others, ...byIdentity, [name]: value }
    expect(() => parseSettings(given)).toThrow(new RegExp(`- ${name} ${rule}.*: current value is "${value}"`))
  })
})
