import { expect, test } from 'vitest'
import { lakeConnection } from './open-lake.ts'

test('the lake of a deployment, which takes no keys, is opened by who is signed in', () => {
  const lake = lakeConnection({ LAKE_ACCOUNT: 'stlakeshop', AzureWebJobsStorage: 'UseDevelopmentStorage=true' })
  expect(lake).toMatchObject({
    place: 'https://stlakeshop.blob.core.windows.net',
    connection: { address: 'https://stlakeshop.blob.core.windows.net' },
  })
})

test('a lake that a connection string opens is where it says', () => {
  const connection = 'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=key;EndpointSuffix=core.windows.net'
  const place = 'https://shop.blob.core.windows.net'
  expect(lakeConnection({ AzureWebJobsStorage: connection })).toEqual({ place, connection })
})

test('what is no account’s name is told', () => {
  expect(() => lakeConnection({ LAKE_ACCOUNT: 'https://stlakeshop' })).toThrow(
    'LAKE_ACCOUNT must be a storage account’s name: current value is https://stlakeshop',
  )
})
