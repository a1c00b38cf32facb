import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../azurite/azurite.ts'
import { startTestApp, type TestAppHost } from './test-app-host.ts'

let azurite: Azurite
let host: TestAppHost
beforeAll(async () => {
  azurite = await startAzurite()
  host = await startTestApp(
    {
      AzureWebJobsStorage: azurite.connectionString,
      WORK_QUEUE: 'work',
      TICK_SCHEDULE: '0 0 0 1 1 *',
      'AzureWebJobs.work.Disabled': 'true',
      AzureFunctionsJobHost__logging__logLevel__Function: 'Error',
      'AzureFunctionsJobHost__logging__logLevel__Function.ping': 'Information',
      'AzureFunctionsJobHost__logging__logLevel__Function.tick': 'Information',
      AzureFunctionsJobHost__extensions__queues__batchSise: '1',
    },
    { verbose: true },
  )
})
afterAll(async () => {
  await host?.drain()
  await azurite?.close()
})
const linesOf = (functionName: string) =>
  host.events.flatMap(event => (event.type === 'log' && event.functionName === functionName ? [event.message] : []))

describe('a verbose host', () => {
  test('logs start and end of an invocation under one id', async () => {
    await fetch(`${host.url}/api/ping`)
    await host.until(() => linesOf('ping').length === 2)
    const [started = '', ended = ''] = linesOf('ping')
    const id = /Id=([0-9a-f-]{36})/.exec(started)?.[1]
    expect(started).toBe(
      `Executing 'Functions.ping' (Reason='This function was programmatically called via the host APIs.', Id=${id})`,
    )
    expect(ended).toMatch(new RegExp(`^Executed 'Functions\\.ping' \\(Succeeded, Id=${id}, Duration=\\d+ms\\)$`))
  })
  test('goes by the levels of each function', async () => {
    await fetch(`${host.url}/api/throws`)
    await host.until(() => linesOf('throws').length > 0)
    expect(linesOf('throws').map(line => line.split(' (')[0])).toEqual(["Executed 'Functions.throws'"])
  })
  test('tells when a timer will run', () => {
    expect(linesOf('tick')[0]).toMatch(
      /^The next 5 occurrences of the 'tick' schedule \(Cron: '0 0 0 1 1 \*'\) will be:\n01\/01/,
    )
  })
})

test('what is wrong with the configuration is told as warnings', () => {
  expect(host.events).toContainEqual({
    type: 'warning',
    message: expect.stringContaining('"extensions.queues.batchSise". Did you mean "extensions.queues.batchSize"?'),
  })
})
