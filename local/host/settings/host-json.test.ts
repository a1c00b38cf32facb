import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readHostJson } from './host-json.ts'

function read(json: unknown, settings: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'host-json-'))
  writeFileSync(join(folder, 'host.json'), typeof json === 'string' ? json : JSON.stringify(json))
  try {
    return readHostJson(folder, settings)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
const v2 = (more: object) => ({ version: '2.0', ...more })

describe('readHostJson()', () => {
  test('takes the defaults of Azure where the file says nothing', () => {
    const { config, warnings } = read({ version: '2.0', functionTimeout: null, functions: [] })
    expect(config).toMatchObject({
      functionTimeoutMs: 1_800_000,
      routePrefix: 'api',
      logLevels: {},
      only: undefined,
      queues: { batchSize: 16, releaseMs: 0, maxDequeueCount: 5, base64: true },
      eventHubs: { maxEventBatchSize: 100, minEventBatchSize: 1, maxWaitMs: 60_000, prefetchCount: 300 },
    })
    expect(warnings).toEqual([])
  })
  test('reads what the file says, also behind comments, in text and in another case', () => {
    const { config, warnings } = read(`{ // comment
      "version": "2.0", "functionTIMEOUT": "-1", "functions": ["a", "b"],
      /* and another */ "logging": { "logLevel": { "default": "Warning", "Function.a.User": "none" } },
      "extensions": {
        "http": { "routePrefix": "/x/" },
        "queues": { "batchSize": "1", "newBatchThreshold": 0, "visibilityTimeout": "00:00:30", "messageEncoding": "None" }
      }
    }`)
    expect(config).toMatchObject({
      functionTimeoutMs: undefined,
      only: ['a', 'b'],
      logLevels: { default: 'warning', 'Function.a.User': 'none' },
      routePrefix: 'x',
      queues: { batchSize: 1, newBatchThreshold: 0, releaseMs: 30_000, base64: false },
    })
    expect(warnings).toEqual([])
  })
  test('puts app settings in the place of its values', () => {
    const { config, warnings } = read(v2({ extensions: { queues: { batchSize: 4 } }, functions: ['a'] }), {
      AzureFunctionsJobHost__extensions__http__routePrefix: '',
      'AzureFunctionsJobHost:extensions:queues:batchsize': '7',
      AzureFunctionsJobHost__functions__0: 'b',
      'AzureFunctionsJobHost__logging__logLevel__Function.a': 'Debug',
      AzureFunctionsJobHost__extensions__queues__batchSise: '1',
      OTHER: 'x',
    })
    expect(config).toMatchObject({ routePrefix: '', queues: { batchSize: 7 }, only: ['b'] })
    expect(config.logLevels).toEqual({ 'Function.a': 'debug' })
    expect(warnings).toEqual([
      'setting "AzureFunctionsJobHost__extensions__queues__batchSise" has a key that Azure Functions does not know: "extensions.queues.batchSise". Did you mean "extensions.queues.batchSize"?',
    ])
  })
  test.each([
    [{ functionTimout: '00:01:00' }, '"functionTimout". Did you mean "functionTimeout"?'],
    [{ extensions: { qeueus: {} } }, '"extensions.qeueus". Did you mean "extensions.queues"?'],
    [{ extensions: { eventHubs: { maxBatchSize: 1 } } }, 'Did you mean "extensions.eventHubs.maxEventBatchSize"?'],
    [{ queues: { batchSize: 1 } }, '"queues". Did you mean "extensions.queues"?'],
    [{ http: {} }, '"http". Did you mean "extensions.http"?'],
    [{ extensions: { http: { hsts: { enabled: true } } } }, 'Did you mean "extensions.http.hsts.isEnabled"?'],
  ])('names a key that Azure does not know and the nearest it does: %j', (more, hint) => {
    const { warnings } = read(v2(more))
    expect(warnings).toEqual([expect.stringContaining(hint)])
    expect(warnings[0]).toContain('has a key that Azure Functions does not know')
  })
  test('names a far-off key without a guess', () => {
    expect(read(v2({ somethingElse: 1 })).warnings).toEqual([
      expect.stringMatching(/host\.json has a key that Azure Functions does not know: "somethingElse"$/),
    ])
  })
  test('names what it takes but does not apply, where that changes what an app does', () => {
    const { warnings } = read(
      v2({
        concurrency: { dynamicConcurrencyEnabled: true, snapshotPersistenceEnabled: true },
        healthMonitor: { enabled: false },
        logging: { applicationInsights: { samplingSettings: { isEnabled: false } } },
        extensions: {
          http: { maxConcurrentRequests: -1, customHeaders: { 'X-A': 'b' } },
          eventHubs: { transportType: 'amqpWebSockets', clientRetryOptions: { mode: 'fixed', maximumRetries: 2 } },
          durableTask: { hubName: 'x' },
        },
      }),
    )
    expect(warnings.map(text => /sets (\S+),/.exec(text)?.[1])).toEqual([
      ...['extensions.eventHubs.clientRetryOptions', 'extensions.eventHubs.transportType'],
      'concurrency.dynamicConcurrencyEnabled',
    ])
  })
  test.each([
    [{ version: '1.0' }, /version in .*host\.json must be "2\.0": current value is "1\.0"/],
    [{ Version: '2.0' }, /version in .* must be "2\.0"/],
    [v2({ functionTimeout: '00:00:00' }), /functionTimeout in .* of at least 1000 ms: current value is "00:00:00"/],
    [v2({ functionTimeout: 5 }), /functionTimeout in .* must be a text: current value is 5/],
    [v2({ functionTimeout: '24:00:00' }), /functionTimeout in .* must have hours up to 23/],
    [v2({ functions: 'a' }), /functions in .* must be a list of texts: current value is "a"/],
    [v2({ extensions: { queues: { batchSize: 33 } } }), /extensions\.queues\.batchSize in .* from 1 to 32: .* 33/],
    [v2({ extensions: { queues: { batchSize: {} } } }), /batchSize in .* must be a whole number/],
    [v2({ extensions: { queues: { batchSize: { x: 1 } } } }), /batchSize in .* must be a single value/],
    [v2({ extensions: { queues: { maxPollingInterval: '00:00:00.05' } } }), /maxPollingInterval in .* at least 100 ms/],
    [
      v2({ extensions: { queues: { messageEncoding: 'utf8' } } }),
      /messageEncoding in .* one of base64, none: .*"utf8"/,
    ],
    [v2({ extensions: { eventHubs: { minEventBatchSize: 200 } } }), /at most maxEventBatchSize 100: .* 200/],
    [v2({ extensions: { eventHubs: { maxWaitTime: '00:11:00' } } }), /maxWaitTime in .* from 1 to 600000 ms/],
    [v2({ extensions: { eventHubs: { initialOffsetOptions: { type: 'fromEnqueuedTime' } } } }), /enqueuedTimeUtc/],
    [v2({ extensions: { http: { dynamicThrottlesEnabled: 'yes' } } }), /must be true or false: .*"yes"/],
    [v2({ logging: { logLevel: { default: 'Loud' } } }), /logging\.logLevel\.default in .* one of Trace.*"Loud"/],
    [v2({ extensionBundle: { id: 'X', version: '[4.*, 5.0.0)' } }), /extensionBundle\.id in .*: .*"X"/],
    [v2({ extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle' } }), /extensionBundle\.version/],
    [v2({ singleton: { lockPeriod: '00:00:10' } }), /singleton\.lockPeriod in .* from 15000 to 60000 ms/],
    [v2({ healthMonitor: { counterThreshold: 2 } }), /counterThreshold in .* must be a number from 0 to 1: .* 2/],
    [v2({ aggregator: { batchSize: 0 } }), /aggregator\.batchSize in .* from 1 to 10000/],
    [v2({ retry: { strategy: 'fixedDelay' } }), /retry in .* not supported for a whole app/],
    [[], /host\.json must hold an object/],
    ['{ "version": "2.0",\n  oops }', /host\.json is not JSON: line 2, column 3: expected a name in double quotes/],
    ['{', /host\.json is not JSON: line 1, column 2: expected a name in double quotes, found the end of the text/],
  ])('refuses %j with its field and value', (json, why) => {
    expect(() => read(json)).toThrow(why)
  })
  test('names the setting whose value is wrong', () => {
    const settings = { AzureFunctionsJobHost__extensions__queues__batchSize: 'many' }
    expect(() => read(v2({}), settings)).toThrow(
      'extensions.queues.batchSize in setting "AzureFunctionsJobHost__extensions__queues__batchSize" must be a whole number from 1 to 32: current value is "many"',
    )
  })
})
