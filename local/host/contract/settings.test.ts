import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type OutputsUnderTest, outputsUnderTest } from './outputs-under-test.ts'

// That an override of extensions.queues counts is held by outputs-storage.test.ts: maxDequeueCount is 5 in host.json.
const rule = contract({
  overrides: 'https://learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values',
  disable: 'https://learn.microsoft.com/azure/azure-functions/disable-function',
  appSettings: 'https://learn.microsoft.com/azure/azure-functions/functions-how-to-use-azure-function-app-settings',
})

let app: OutputsUnderTest
beforeAll(async () => {
  app = await outputsUnderTest()
})
afterAll(() => app?.stop())

describe('app settings', () => {
  rule('overrides', 'put their value in the place of that of host.json', async () => {
    expect((await fetch(`${app.url}/api/environment`)).status).toBe(200)
    expect((await fetch(`${app.url}/of-host-json/environment`)).status).toBe(404)
  })
  rule('appSettings', 'are environment variables of the functions', async () => {
    const environment = await (await fetch(`${app.url}/api/environment`)).json()
    expect(environment).toMatchObject({
      OUTPUT_FOLDER: app.names.OUTPUT_FOLDER,
      AzureFunctionsJobHost__extensions__http__routePrefix: 'api',
    })
  })
  rule('disable', 'can disable a function, whose route is then unknown', async () => {
    expect((await fetch(`${app.url}/api/switched-off`)).status).toBe(404)
  })
  rule('disable', 'can leave a function enabled', async () => {
    expect((await fetch(`${app.url}/api/switched-on`)).status).toBe(200)
  })
})
