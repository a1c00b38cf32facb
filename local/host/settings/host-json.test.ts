import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readHostJson } from './host-json.ts'

function read(json: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'host-json-'))
  writeFileSync(join(folder, 'host.json'), typeof json === 'string' ? json : JSON.stringify(json))
  try {
    return readHostJson(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('readHostJson()', () => {
  test('takes the defaults of Azure where the file says nothing', () => {
    const { config, warnings } = read({ version: '2.0', logging: { anything: 1 } })
    expect(config).toMatchObject({
      functionTimeoutMs: 1_800_000,
      routePrefix: 'api',
      queues: { batchSize: 16, releaseMs: 0, maxDequeueCount: 5, base64: true },
      eventHubs: { maxEventBatchSize: 100, minEventBatchSize: 1, maxWaitMs: 60_000, prefetchCount: 300 },
    })
    expect(warnings).toEqual([])
  })
  test('reads what the file says', () => {
    const { config } = read({
      version: '2.0',
      functionTimeout: '-1',
      extensions: {
        http: { routePrefix: '' },
        queues: { batchSize: 1, newBatchThreshold: 0, visibilityTimeout: '00:00:30', messageEncoding: 'none' },
      },
    })
    expect(config.functionTimeoutMs).toBeUndefined()
    expect(config.routePrefix).toBe('')
    expect(config.queues).toMatchObject({ batchSize: 1, newBatchThreshold: 0, releaseMs: 30_000, base64: false })
  })
  test('names keys that Azure does not know', () => {
    const { warnings } = read({ version: '2.0', functionTimeOut: '00:01:00', extensions: { queues: { batchsize: 1 } } })
    expect(warnings).toHaveLength(2)
    expect(warnings.join()).toContain('"functionTimeOut"')
    expect(warnings.join()).toContain('"extensions.queues.batchsize"')
  })
  test('names the field and value that are wrong', () => {
    expect(() => read({ version: '1.0' })).toThrow(/version in .*host\.json.*current value is "1\.0"/)
    expect(() => read({ version: '2.0', extensions: { queues: { batchSize: 33 } } })).toThrow(/queues\.batchSize.*33/)
    expect(() => read('{')).toThrow(/host\.json is not JSON/)
  })
})
