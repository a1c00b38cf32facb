import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hostFaults } from '../faults/fault-plan.ts'
import { startFaultyHost } from './faulty-host.ts'
import type { HostEvent, RunningHost } from './host.ts'
import { testAppDir } from './test-app-host.ts'

const faults = hostFaults()
const events: HostEvent[] = []
let stateDir: string
let host: RunningHost
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'host-state-'))
  const settings = {
    TEST_RECORDS: stateDir,
    'AzureWebJobs.work.Disabled': 'true',
    'AzureWebJobs.tick.Disabled': 'true',
  }
  const onEvent = (event: HostEvent) => void events.push(event)
  host = await startFaultyHost({ appDir: testAppDir, stateDir, port: 0, quiet: true, onEvent, settings }, faults)
})
afterAll(async () => {
  await host.drain()
  await rm(stateDir, { recursive: true })
})
beforeEach(() => faults.clear())
const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init)

test('without rules a request reaches its function and comes back as it was answered', async () => {
  const response = await get('/api/echo/12/a%20b?q=1', { method: 'PUT', body: Buffer.from([0, 255]) })
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({ url: `${host.url}/api/echo/12/a%20b?q=1`, body: '00ff' })
})

test('a busy host answers 429 with the time to wait, for the paths that the rule names', async () => {
  faults.set([{ match: { path: '/api/echo/*' }, action: { type: 'status', status: 429, retryAfterMs: 1500 } }])
  const response = await get('/api/echo/1')
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
  expect((await get('/api/ping')).status).toBe(200)
})

test('a script lets some requests through before one fails', async () => {
  faults.set([{ action: { type: 'status', status: 503 }, script: [{ pass: 2 }, { fail: 1 }] }])
  const statuses: number[] = []
  for (let n = 0; n < 4; n++) statuses.push((await get('/api/ping')).status)
  expect(statuses).toEqual([200, 200, 503, 200])
})

test('a request cut off before never reaches its function; cut off after, the function has run', async () => {
  for (const when of ['before', 'after']) {
    faults.set([{ action: { type: 'drop', when }, times: 1 }])
    await expect(get('/api/throws')).rejects.toThrow('fetch failed')
  }
  const said = () => events.filter(event => event.type === 'log' && event.message === 'about to throw')
  await expect.poll(said).toHaveLength(1)
})
